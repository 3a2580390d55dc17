import { render } from "preact";
import { useEffect, useState } from "preact/hooks";

import { get, type Figures, type Overview } from "./api";
import { Arrears } from "./arrears";
import { Departments, District } from "./figures";
import { word, type Language } from "./words";

const REFRESH_MS = 60_000;

interface Data {
  overview: Overview | null;
  figures: Figures | null;
}

function useData(): { data: Data | null; failure: string } {
  const [data, setData] = useState<Data | null>(null);
  const [failure, setFailure] = useState("");

  useEffect(() => {
    const load = async () => {
      try {
        const [overview, figures] = await Promise.all([
          get<Overview>("/api/v1/overview"),
          get<Figures>("/api/v1/figures"),
        ]);
        setData({ overview, figures });
        setFailure("");
      } catch (error) {
        setFailure(String(error));
      }
    };
    void load();
    const timer = setInterval(load, REFRESH_MS);
    return () => clearInterval(timer);
  }, []);
  return { data, failure };
}

function Coverage({ language, overview }: { language: Language; overview: Overview }) {
  return (
    <>
      <h2>{word(language, "coverage")}</h2>
      <dl class="row">
        <dt>{word(language, "undated")}</dt>
        <dd>{overview.undated_obligations}</dd>
        <dt>{word(language, "unknownSize")}</dt>
        <dd>{overview.unknown_size_obligations}</dd>
        <dt>{word(language, "quarantined")}</dt>
        <dd>{overview.quarantined_rows}</dd>
        <dt>{word(language, "waiting")}</dt>
        <dd>{overview.waiting_messages}</dd>
      </dl>
    </>
  );
}

function Content({ language, data }: { language: Language; data: Data }) {
  if (!data.overview || !data.overview.as_of) return <p>{word(language, "noRun")}</p>;
  return (
    <>
      {data.figures && <District language={language} figures={data.figures} />}
      {data.figures && <Departments language={language} figures={data.figures} />}
      <Arrears language={language} overview={data.overview} />
      <Coverage language={language} overview={data.overview} />
    </>
  );
}

function initialLanguage(): Language {
  return localStorage.getItem("language") === "en" ? "en" : "zh";
}

function App() {
  const [language, setLanguage] = useState<Language>(initialLanguage);
  const { data, failure } = useData();
  const overview = data?.overview;

  useEffect(() => {
    localStorage.setItem("language", language);
    document.documentElement.lang = language === "zh" ? "zh-CN" : "en";
    document.title = word(language, "title");
  }, [language]);

  return (
    <main class={overview?.demonstration ? "demonstration" : ""}>
      <header>
        <h1>{word(language, "title")}</h1>
        {overview?.demonstration && <span class="badge">{word(language, "demonstration")}</span>}
        {overview?.as_of && (
          <span class="asof">
            {word(language, "asOf")} {overview.as_of} · {word(language, "knownAt")}{" "}
            {overview.known_at.replace("T", " ").slice(0, 16)}
          </span>
        )}
        <button type="button" onClick={() => setLanguage(language === "zh" ? "en" : "zh")}>
          {language === "zh" ? "English" : "中文"}
        </button>
      </header>
      {failure && (
        <p class="failure" role="alert">
          {word(language, "failed")}
          {failure}
        </p>
      )}
      {data ? <Content language={language} data={data} /> : <p>{word(language, "loading")}</p>}
    </main>
  );
}

render(<App />, document.getElementById("app")!);
