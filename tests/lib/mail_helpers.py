"""For the Postfix of tests: the two services that it asks on unix sockets.

Usage: mail_helpers.py SASL_SOCKET POLICY_SOCKET USER PASSWORD

SASL_SOCKET speaks as Dovecot's authentication server does, and knows one user. POLICY_SOCKET answers Postfix's policy requests by the
recipient's name: grey- names are put off the first time, like by greylisting.
"""
import base64
import os
import socket
import sys
import threading

sasl_path, policy_path, user, password = sys.argv[1:5]
seen = set()


def authenticate(stream):
    stream.write(b"VERSION\t1\t2\nMECH\tPLAIN\tplaintext\nSPID\t1\nCUID\t1\nCOOKIE\t%s\nDONE\n" % (b"0" * 32))
    stream.flush()
    for line in stream:
        words = line.decode().rstrip("\n").split("\t")
        if words[0] == "AUTH":
            stream.write(f"CONT\t{words[1]}\t\n".encode())  # no initial response: the client is asked for it
            stream.flush()
        if words[0] != "CONT":
            continue
        response = words[2]
        given = base64.b64decode(response).decode().split("\0")[1:]
        answer = f"OK\t{words[1]}\tuser={user}\n" if given == [user, password] else f"FAIL\t{words[1]}\n"
        stream.write(answer.encode())
        stream.flush()


def judge(stream):
    attributes = {}
    for line in stream:
        name, _, value = line.decode().rstrip("\n").partition("=")
        if name:
            attributes[name] = value
            continue
        recipient = attributes.get("recipient", "")
        action = "DUNNO"
        if recipient.startswith("grey-") and recipient not in seen:
            seen.add(recipient)
            action = "450 4.2.0 Greylisted, try again later"
        stream.write(f"action={action}\n\n".encode())
        stream.flush()
        attributes = {}


def serve(path, answer):
    listener = socket.socket(socket.AF_UNIX)
    listener.bind(path)
    os.chmod(path, 0o777)
    listener.listen(16)
    while True:
        client, _ = listener.accept()
        threading.Thread(target=lambda c=client: answer(c.makefile("rwb")), daemon=True).start()


threading.Thread(target=serve, args=(policy_path, judge), daemon=True).start()
serve(sasl_path, authenticate)
