#!/usr/bin/python3
"""A client that announces all content by Expect: 100-continue, right or wrong in one way.

  expect_client.py right|sends|stops|pipelines|empty|again|waits [--soap] URL...

right closes the connection behind an answer that comes first, sends goes on with the content.
"""
import http.client
import os
import socket
import sys
import urllib.parse

import small_client

PATIENCE_S = 0.3  # for 100 Continue
ACTION = '; action="http://www.onvif.org/ver10/device/wsdl/%s"'


class Answer:
    def __init__(self, status, headers):
        self.status, self.headers = status, headers


class Client(small_client.Client):
    def __init__(self, mode, user, password):
        super().__init__(user, password)
        self.mode, self.expects = mode, True

    def connection(self, netloc):
        if netloc not in self.connections:
            host, port = netloc.split(":")
            s = socket.create_connection((host, int(port)), timeout=20)
            self.connections[netloc] = s, s.makefile("rb")
        return self.connections[netloc]

    def close(self, netloc):
        for part in self.connections.pop(netloc):
            part.close()

    @staticmethod
    def answer(file):
        status = int(file.readline().split()[1])
        headers = http.client.parse_headers(file)
        file.read(int(headers.get("Content-Length", 0)))
        return Answer(status, headers)

    def first(self, s, file):
        """What comes before the content; None: nothing."""
        if self.mode == "waits":
            return self.answer(file)
        s.settimeout(PATIENCE_S)
        try:
            s.recv(1, socket.MSG_PEEK)
        except TimeoutError:
            return None
        finally:
            s.settimeout(20)
        return self.answer(file)

    def exchange(self, netloc, head, body):
        s, file = self.connection(netloc)
        s.sendall(head)
        early = None
        if b"\r\nExpect:" in head and body:
            early = self.first(s, file)
        if early and early.status != 100:
            if self.mode == "stops":
                sys.exit(1)
            if self.mode == "sends":
                s.sendall(body)
            elif self.mode != "pipelines":
                self.close(netloc)
                return early
        else:
            s.sendall(body)
            early = self.answer(file)
        if early.headers.get("Connection", "").lower() == "close":
            self.close(netloc)
        return early

    def send(self, url, method, body, kind, credentials=True):
        parts = urllib.parse.urlsplit(url)
        target = urllib.parse.urlunsplit(("", "", parts.path or "/", parts.query, ""))
        fields = {"Host": parts.netloc, "Content-Length": str(len(body)), "Content-Type": kind}
        fields |= self.authorization(method, target) if credentials else {}
        if self.expects and (body or self.mode == "empty"):
            fields["Expect"] = "100-continue"
        lines = [f"{method} {target} HTTP/1.1", *(f"{n}: {v}" for n, v in fields.items()), "", ""]
        answer = self.exchange(parts.netloc, "\r\n".join(lines).encode("latin-1"), body)
        if answer.status == 417 and self.expects and self.mode != "again":
            self.expects = False
            answer = self.send(url, method, body, kind, credentials)[0]
        return answer, "Authorization" in fields


def main():
    mode, env = sys.argv[1], os.environ
    client, status = Client(mode, env["USERNAME"], env["PASSWORD"]), 0
    body = sys.stdin.read()
    for url in (a for a in sys.argv if a.startswith("http://")):
        if "--soap" in sys.argv:
            name = "GetDeviceInformation"
            status = client.call(url, "POST", small_client.SOAP % name,
                                 "application/soap+xml; charset=utf-8" + ACTION % name)
        else:
            status = client.call(url, env["METHOD"], body)
    return 0 if 200 <= status < 300 else 1


if __name__ == "__main__":
    sys.exit(main())
