"""A user of the console, as far as the API goes: logs in, chooses a password, asks."""
import http.client
import json


class Refused(Exception):
    """The server did not answer as asked."""

    def __init__(self, status, body):
        super().__init__(f"{status}: {body[:300]!r}")
        self.status, self.body = status, body


class Client:
    """One session over one connection."""

    def __init__(self, host, port):
        self.host, self.port = host, port
        self.connection = http.client.HTTPConnection(host, port, timeout=120)
        self.cookie, self.token = "", ""

    def headers(self):
        """What each request of this session carries, beside its body."""
        headers = {"Host": f"{self.host}:{self.port}", "Sec-Fetch-Site": "same-origin"}
        if self.cookie:
            headers["Cookie"] = self.cookie
        if self.token:
            headers["X-Baoxue-Token"] = self.token
        return headers

    def send(self, method, path, body=None):
        """(status, headers, bytes)"""
        headers = self.headers()
        content = None
        if body is not None:
            content = json.dumps(body, ensure_ascii=False).encode()
            headers["Content-Type"] = "application/json"
        try:
            self.connection.request(method, path, content, headers)
            answer = self.connection.getresponse()
        except (http.client.RemoteDisconnected, ConnectionResetError, BrokenPipeError):
            # Idle for too long.
            self.connection.close()
            self.connection.request(method, path, content, headers)
            answer = self.connection.getresponse()
        return answer.status, answer.headers, answer.read()

    def ask(self, method, path, body=None):
        """The JSON of an answer that is well."""
        status, _, content = self.send(method, path, body)
        if status >= 300:
            raise Refused(status, content)
        return json.loads(content) if content else None

    def log_in(self, user, one_time_password, password):
        """With a one-time password, then with one of the user's own."""
        self.open(user, one_time_password)
        self.ask("PUT", "/api/session/password", {"old": one_time_password, "new": password})
        self.open(user, password)

    def open(self, user, password):
        self.cookie, self.token = "", ""
        status, headers, content = self.send("POST", "/api/session", {"user": user, "password": password})
        if status != 200:
            raise Refused(status, content)
        self.cookie = headers["Set-Cookie"].split(";")[0]
        self.token = json.loads(content)["token"]
