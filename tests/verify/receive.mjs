// Receives mails and webhooks and reads them with libraries of other people: mailparser, standardwebhooks, svix,
// cloudevents. Usage: node receive.mjs PORTS_FILE; SECRETS holds the signing secrets, newest first, with blanks between.
// GET /report says how many of each were fine, or, with status 500, what was wrong.
import { createServer } from "node:http";
import { writeFileSync } from "node:fs";
import { HTTP } from "cloudevents";
import { simpleParser } from "mailparser";
import { SMTPServer } from "smtp-server";
import { Webhook as Standard } from "standardwebhooks";
import { Webhook as Svix } from "svix";

const secrets = process.env.SECRETS.split(" ");
const faults = [];
const counts = { mails: 0, lists: 0, hooks: 0, events: 0 };
const ids = new Set();
const threads = new Map();

function check(fine, what) {
  if (!fine) faults.push(what);
}

function checkList(mail, ref) {
  const list = mail.attachments[0];
  counts.lists++;
  check(mail.attachments.length === 1, `${ref}: ${mail.attachments.length} attachments`);
  check(list.filename === `清单-${ref}.xlsx`, `${ref}: attachment ${list.filename}`);
  check(list.contentType === "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", list.contentType);
  check(list.content.subarray(0, 4).toString("latin1") === "PK\x03\x04", `${ref}: the list is no workbook`);
  check(list.contentDisposition === "attachment", list.contentDisposition);
}

function checkMail(mail, envelope) {
  const ref = mail.headers.get("x-ref");
  const thread = [mail.references].flat()[0];
  counts.mails++;
  check(/^A-\d{8}-\d{6,}$/.test(ref), `reference ${ref}`);
  check(mail.subject.endsWith(ref), `subject ${mail.subject}`);
  check(!/[\uFFFD\r\n]/.test(mail.subject) && !mail.text.includes("\uFFFD"), `${ref}: a broken character`);
  check(mail.from.value[0].name === "采购监测" && mail.from.value[0].address === "monitor@xc.example", mail.from.text);
  check(mail.to.value.length === 1 && mail.to.value[0].address === envelope.rcptTo[0].address, mail.to.text);
  check(envelope.rcptTo.length === 1, `${ref}: several recipients in one transfer`);
  check(mail.messageId && !ids.has(mail.messageId), `Message-ID ${mail.messageId} twice`);
  ids.add(mail.messageId);
  check(thread && mail.inReplyTo === thread, `${ref}: no thread`);
  threads.set(thread, (threads.get(thread) ?? 0) + 1);
  check(mail.headers.get("auto-submitted") === "auto-generated", `${ref}: not marked as automatic`);
  check(Math.abs(Date.now() - mail.date) < 3600e3, `${ref}: date ${mail.date}`);
  for (const body of [mail.text, mail.html])
    check(body.includes(ref) && body.includes("数据依据"), `${ref}: incomplete body`);
  if (/清单[^]*\n2 \| /.test(mail.text)) checkList(mail, ref);
}

const smtp = new SMTPServer({
  authOptional: true,
  disabledCommands: ["STARTTLS", "AUTH"],
  onData(stream, session, done) {
    simpleParser(stream).then((mail) => checkMail(mail, session.envelope)).catch((e) => faults.push(String(e)))
      .finally(() => done());
  },
});

// Every secret of a rotation verifies, one that is not ours does not, nor another body.
function checkSignatures(headers, body) {
  for (const Library of [Standard, Svix]) {
    for (const secret of secrets) new Library(secret).verify(body, headers);
    for (const [key, text] of [["whsec_" + Buffer.alloc(32).toString("base64"), body], [secrets[0], body + " "]]) {
      let refused = false;
      try { new Library(key).verify(text, headers); } catch { refused = true; }
      check(refused, `${Library.name} took a wrong key or body`);
    }
  }
}

function checkEvent(headers, body) {
  const event = HTTP.toEvent({ headers, body });
  counts.events++;
  check(event.validate(), "not a valid event");
  check(event.id === headers["webhook-id"], `event id ${event.id}`);
  check(/^sme\./.test(event.type) && event.source === "/setaside/beijing-xicheng", `${event.type} ${event.source}`);
  check(event.data.ref === event.id && event.data.unit.code, "the data is not inside");
}

function checkHook(request, body) {
  counts.hooks++;
  checkSignatures(request.headers, body);
  if (request.headers["content-type"].startsWith("application/cloudevents")) checkEvent(request.headers, body);
  else check(JSON.parse(body).data.ref === request.headers["webhook-id"], "body and id differ");
}

const http = createServer((request, response) => {
  const chunks = [];
  if (request.url === "/report") {
    response.writeHead(faults.length ? 500 : 200);
    response.end(faults.length ? faults.slice(0, 20).join("\n") + "\n"
      : JSON.stringify({ ...counts, threads: threads.size }) + "\n");
    return;
  }
  request.on("data", (chunk) => chunks.push(chunk));
  request.on("end", () => {
    try { checkHook(request, Buffer.concat(chunks).toString()); } catch (e) { faults.push(`${request.url}: ${e}`); }
    response.writeHead(204);
    response.end();
  });
});

smtp.listen(0, "127.0.0.1", () => http.listen(0, "127.0.0.1", () =>
  writeFileSync(process.argv[2], `${smtp.server.address().port} ${http.address().port}\n`)));
