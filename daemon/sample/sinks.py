#!/usr/bin/env python3
"""The surroundings of a trial on this machine only: a file server for the sample feed, a mail server and a webhook
receiver that write what they get into files.

    sinks.py DIRECTORY

Takes free ports of 127.0.0.1 and writes them to DIRECTORY/ports as shell assignments (FEED_PORT, MAIL_PORT, HOOK_PORT).
Serves DIRECTORY/feed; writes DIRECTORY/mail/NNN.eml and DIRECTORY/webhook/NNN.json.
"""
import asyncio
import email.utils
import hashlib
import itertools
import os
import pathlib
import sys

LINE_LIMIT = 1 << 16
BODY_LIMIT = 16 << 20


def next_file(folder, suffix):
    for number in itertools.count(1):
        path = folder / f"{number:03d}{suffix}"
        if not path.exists():
            return path


def keep(folder, suffix, data):
    """A name in the folder is a whole file."""
    path = next_file(folder, suffix)
    unfinished = path.with_suffix(".part")
    unfinished.write_bytes(data)
    unfinished.rename(path)


class Mail:
    def __init__(self, folder):
        self.folder = folder

    async def serve(self, reader, writer):
        def say(text):
            writer.write(text.encode() + b"\r\n")

        say("220 trial.invalid takes mail into files")
        sender, recipients = "", []
        try:
            while line := await reader.readline():
                word = line.decode("utf-8", "replace").strip()
                verb = word.upper()
                if verb.startswith(("EHLO", "HELO")):
                    say("250-trial.invalid\r\n250-8BITMIME\r\n250 SMTPUTF8" if verb.startswith("EHLO") else "250 trial.invalid")
                elif verb.startswith("MAIL FROM:"):
                    sender, recipients = word[10:].strip(), []
                    say("250 ok")
                elif verb.startswith("RCPT TO:"):
                    recipients.append(word[8:].strip())
                    say("250 ok")
                elif verb == "DATA":
                    say("354 go on")
                    await writer.drain()
                    data = await self.read_data(reader)
                    head = f"X-Envelope-From: {sender}\r\nX-Envelope-To: {', '.join(recipients)}\r\n".encode()
                    keep(self.folder, ".eml", head + data)
                    say(f"250 kept as {hashlib.sha256(data).hexdigest()[:12]}")
                elif verb in ("RSET", "NOOP"):
                    say("250 ok")
                elif verb == "QUIT":
                    say("221 bye")
                    break
                else:
                    say("502 not known")
                await writer.drain()
        except (ConnectionError, asyncio.LimitOverrunError):
            pass
        writer.close()

    @staticmethod
    async def read_data(reader):
        lines, size = [], 0
        while (line := await reader.readline()) not in (b".\r\n", b""):
            size += len(line)
            if size > BODY_LIMIT:
                raise ConnectionError
            lines.append(line[1:] if line.startswith(b".") else line)
        return b"".join(lines)


class Web:
    """GET serves files of one folder with an ETag; POST keeps the body."""

    def __init__(self, files, posts):
        self.files, self.posts = files, posts

    async def serve(self, reader, writer):
        try:
            while request := await reader.readline():
                method, target, _ = request.decode("latin-1").split(" ", 2)
                headers = {}
                while (line := await reader.readline()) not in (b"\r\n", b""):
                    name, _, value = line.decode("latin-1").partition(":")
                    headers[name.strip().lower()] = value.strip()
                body = await reader.readexactly(min(int(headers.get("content-length", 0)), BODY_LIMIT))
                self.answer(writer, method, target, headers, body)
                await writer.drain()
        except (ConnectionError, ValueError, asyncio.IncompleteReadError):
            pass
        writer.close()

    def answer(self, writer, method, target, headers, body):
        status, extra, data = "404 Not Found", "", b""
        if method == "POST" and self.posts:
            keep(self.posts, ".json", body)
            status = "204 No Content"
        elif method == "GET" and self.files:
            path = self.files / pathlib.PurePosixPath(target.partition("?")[0]).name
            if path.is_file():
                data = path.read_bytes()
                tag = '"' + hashlib.sha256(data).hexdigest()[:20] + '"'
                extra = f"ETag: {tag}\r\nContent-Type: application/json; charset=utf-8\r\n"
                status = "200 OK"
                if headers.get("if-none-match") == tag:
                    status, data = "304 Not Modified", b""
        length = "" if status.startswith(("204", "304")) else f"Content-Length: {len(data)}\r\n"
        date = email.utils.formatdate(usegmt=True)
        writer.write(f"HTTP/1.1 {status}\r\nDate: {date}\r\n{extra}{length}\r\n".encode() + data)


async def main(directory):
    folders = {name: directory / name for name in ("feed", "mail", "webhook")}
    for folder in folders.values():
        folder.mkdir(parents=True, exist_ok=True)
    handlers = {"FEED": Web(folders["feed"], None).serve, "MAIL": Mail(folders["mail"]).serve,
                "HOOK": Web(None, folders["webhook"]).serve}
    ports = ""
    servers = []
    # A restart keeps its ports when they are still free: the configuration of the trial names them.
    wanted = dict(item.split("=") for item in os.environ.get("WANTED_PORTS", "").split())
    for name, handler in handlers.items():
        try:
            server = await asyncio.start_server(handler, "127.0.0.1", int(wanted.get(f"{name}_PORT", 0)), limit=LINE_LIMIT)
        except OSError:
            server = await asyncio.start_server(handler, "127.0.0.1", 0, limit=LINE_LIMIT)
        servers.append(server)
        ports += f"{name}_PORT={server.sockets[0].getsockname()[1]}\n"
    unfinished = directory / "ports.part"
    unfinished.write_text(ports)
    unfinished.rename(directory / "ports")
    await asyncio.gather(*(server.serve_forever() for server in servers))


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit(__doc__)
    try:
        asyncio.run(main(pathlib.Path(sys.argv[1])))
    except KeyboardInterrupt:
        pass
