"""What the tests of the web server share: a server on a small workspace, and a client without mercy."""
import http.client
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import time

AREA, OTHER_AREA, SCHOOL = "620422", "620423", "2162000123"
PASSWORD = "yellow-River-2020"

PUPILS = """姓名,身份证号码,出生日期,性别,学校,年级,区划代码
王小明,620422201203050013,2012-03-05,男,红堡子小学,三年级,620422
李小红,62042220120406002X,2012-04-06,女,红堡子小学,三年级,620422
赵大山,620422201105070037,2011-05-07,男,红堡子小学,四年级,620422
"""


class Server:
    """`baoxue serve` on a free port, with a workspace of its own. Ends with stop()."""

    def __init__(self, binary, options=(), users=()):
        self.binary = binary
        self.folder = tempfile.mkdtemp(prefix="baoxue-web-")
        self.db = os.path.join(self.folder, "baoxue.db")
        self.passwords = {}
        self.run("init")
        for name, role, place in users:
            self.add_user(name, role, place)
        self.start(options)

    def run(self, *arguments, check=True):
        done = subprocess.run([self.binary, "--db", self.db, "--lang", "en", *arguments],
                              stdout=subprocess.PIPE, stderr=subprocess.PIPE, encoding="utf-8", check=False)
        if check and done.returncode != 0:
            raise RuntimeError(f"{arguments}: {done.stderr}")
        return done

    def add_user(self, name, role, place):
        arguments = ["user", "add", name, "--role", role]
        if place:
            arguments += ["--school" if role == "school" else "--area", place]
        for line in self.run(*arguments).stdout.splitlines()[1:]:
            user, _, password = line.split(",")
            self.passwords[user] = password

    def start(self, options=()):
        self.log = open(os.path.join(self.folder, "log"), "ab")
        # pylint: disable=consider-using-with
        self.process = subprocess.Popen(
            [self.binary, "--db", self.db, "--json", "serve", "--listen", "127.0.0.1:0", *options],
            stdout=subprocess.PIPE, stderr=self.log, encoding="utf-8")
        line = self.process.stdout.readline()
        if not line:
            raise RuntimeError("the server did not start: " + self.log_text())
        self.port = int(json.loads(line)["address"].rstrip("/").rsplit(":", 1)[1])

    def log_text(self):
        with open(os.path.join(self.folder, "log"), encoding="utf-8") as file:
            return file.read()

    def stop(self, keep=False):
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(timeout=60)
        self.log.close()
        self.process.stdout.close()
        text = self.log_text()
        if not keep:
            shutil.rmtree(self.folder)
        if code != 0:
            raise RuntimeError(f"the server ended with {code}: {text}")
        return code

    def raw(self, data, wait=10.0, silence=0.3):
        """Sends bytes and gives what comes back until the server closes, or `silence` seconds after the last
        of it, or `wait` seconds when nothing comes."""
        parts = []
        with socket.create_connection(("127.0.0.1", self.port), timeout=wait) as connection:
            try:
                connection.sendall(data)
                while True:
                    part = connection.recv(65536)
                    if not part:
                        break
                    parts.append(part)
                    connection.settimeout(silence)
            except (socket.timeout, ConnectionResetError, BrokenPipeError):
                pass
        return b"".join(parts)


class Client:
    """A browser of one user: keeps the cookie and the request token."""

    def __init__(self, server):
        self.server = server
        self.cookie = None
        self.token = None
        self.headers = {}

    def send(self, method, path, body=None, headers=None, raw_body=None):
        """(status, headers, body as JSON or bytes)"""
        sent = {"Host": f"127.0.0.1:{self.server.port}"}
        if self.cookie:
            sent["Cookie"] = f"baoxue_session={self.cookie}"
        if self.token and method != "GET":
            sent["X-Baoxue-Token"] = self.token
        data = raw_body
        if body is not None:
            data = json.dumps(body).encode()
            sent["Content-Type"] = "application/json"
        sent.update(headers or {})
        connection = http.client.HTTPConnection("127.0.0.1", self.server.port, timeout=60)
        try:
            connection.request(method, path, body=data, headers={k: v for k, v in sent.items() if v is not None})
            answer = connection.getresponse()
            content = answer.read()
        finally:
            connection.close()
        self.headers = {name.lower(): value for name, value in answer.getheaders()}
        if self.headers.get("content-type", "").startswith("application/json"):
            content = json.loads(content) if content else None
        return answer.status, self.headers, content

    def log_in(self, user, password):
        status, headers, content = self.send("POST", "/api/session", {"user": user, "password": password})
        if status == 200:
            self.cookie = re.match(r"baoxue_session=([0-9a-f]+);", headers["set-cookie"]).group(1)
            self.token = content["token"]
        return status, content

    def enter(self, user):
        """Logs in with the one-time password and chooses one of its own."""
        password = self.server.passwords[user]
        status, content = self.log_in(user, password)
        if status != 200:
            raise RuntimeError(f"log-in of {user}: {status} {content}")
        if content["must_change_password"]:
            status, _, content = self.send("PUT", "/api/session/password",
                                           {"old": password, "new": PASSWORD + "-" + user})
            if status != 200:
                raise RuntimeError(f"password of {user}: {status} {content}")
            self.server.passwords[user] = PASSWORD + "-" + user
            status, content = self.log_in(user, self.server.passwords[user])
        return self

    def upload(self, files, fields=(), path="/api/uploads"):
        """Sends files (name, content) as a browser's form does."""
        mark = "x" * 20 + "boundary"
        body = b""
        for name, value in fields:
            body += f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, content in files:
            body += (f'--{mark}\r\nContent-Disposition: form-data; name="file"; filename="{name}"\r\n'
                     "Content-Type: application/octet-stream\r\n\r\n").encode() + content + b"\r\n"
        body += f"--{mark}--\r\n".encode()
        return self.send("POST", path, raw_body=body,
                         headers={"Content-Type": f"multipart/form-data; boundary={mark}"})

    def await_task(self, number, seconds=60):
        for _ in range(seconds * 20):
            status, _, task = self.send("GET", f"/api/tasks/{number}")
            if status != 200 or task["state"] not in ("waiting", "running"):
                return task
            time.sleep(0.05)
        raise RuntimeError(f"task {number} takes too long: {task}")
