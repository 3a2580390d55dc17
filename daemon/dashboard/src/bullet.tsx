import { BarChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as echarts from "echarts/core";
import { SVGRenderer } from "echarts/renderers";
import { useEffect, useRef } from "preact/hooks";

echarts.use([BarChart, GridComponent, MarkLineComponent, TooltipComponent, SVGRenderer]);

export interface BulletProps {
  /** share in hundredths of a percent; null = no base */
  value: number | null;
  /** target in hundredths of a percent */
  target: number;
  met: boolean;
  label: string;
}

/** A bullet chart: one bar against one target line, 0 to 100 %. */
export function Bullet({ value, target, met, label }: BulletProps) {
  const room = useRef<HTMLDivElement>(null);

  useEffect(() => {
    if (!room.current) return;
    const chart = echarts.init(room.current, undefined, { renderer: "svg" });
    chart.setOption({
      animation: false,
      grid: { left: 14, right: 22, top: 22, bottom: 22 },
      xAxis: { type: "value", min: 0, max: 100, axisLabel: { formatter: "{value}%" }, splitLine: { show: false } },
      yAxis: { type: "category", data: [label], show: false },
      series: [
        {
          type: "bar",
          barWidth: 22,
          data: [value === null ? 0 : value / 100],
          showBackground: true,
          backgroundStyle: { color: "#e8ecef" },
          itemStyle: { color: met ? "#1f7a4d" : "#c2660c" },
          markLine: {
            symbol: "none",
            silent: true,
            label: { formatter: `${target / 100}%`, position: "end", color: "#1d2b36" },
            lineStyle: { color: "#1d2b36", width: 3, type: "solid" },
            data: [{ xAxis: target / 100 }],
          },
        },
      ],
    });
    const resize = () => chart.resize();
    addEventListener("resize", resize);
    return () => {
      removeEventListener("resize", resize);
      chart.dispose();
    };
  }, [value, target, met, label]);

  return <div class="bullet" ref={room} role="img" aria-label={label} />;
}
