#!/usr/bin/env python3
"""Paying aid over HTTP: four eyes, the bank's file, its answer and statement, suspense, proof; on the files of pay.case.

    pay_test.py PROGRAM
"""
import csv
import io
import os
import re
import sys
import unittest
import urllib.parse

from client import Client, Server

BINARY = sys.argv[1]
CITY, COUNTY, OTHER = "620400", "620422", "620421"
FOLDER = os.path.dirname(os.path.abspath(__file__))


class Pay(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(BINARY, users=[("city", "city", CITY), ("county", "county", COUNTY),
                                           ("finance", "finance", OTHER), ("first", "township", "620422100")])
        with open(os.path.join(FOLDER, "..", "cases", "pay.case"), encoding="utf-8") as file:
            registers = re.findall(r"^<< (\S+)\n(.*?)^>>$", file.read(), re.M | re.S)[:4]
        for name, content in registers:
            path = os.path.join(cls.server.folder, name)
            with open(path, "w", encoding="utf-8") as file:
                file.write(content)
            cls.server.run("import", path, "--at", "2020-09-15", "--area", COUNTY)
        cls.clients = {name: Client(cls.server).enter(name) for name in list(cls.server.passwords)}

    @classmethod
    def tearDownClass(cls):
        cls.server.stop()

    def ask(self, user, method, path, body=None, status=200):
        got, _, content = self.clients[user].send(method, path, body)
        self.assertEqual(got, status, (user, method, path, content))
        return content

    def rows(self, user, path):
        return self.ask(user, "GET", path)["rows"]

    def send_file(self, user, path, content, status=200):
        got, _, said = self.clients[user].upload([("bank.csv", content)], path=path)
        self.assertEqual(got, status, said)
        return said

    def test_aid_is_paid_with_four_eyes(self):
        """From a batch to the bank's answer, the statement and the proof; refused lines set money free."""
        run = self.server.run
        run("aid", "decide", "--at", "2020-11-25", "--out", os.path.join(self.server.folder, "awards.csv"))
        run("fund", "open", "2020-生活补助", "--document", "甘财教〔2020〕15号", "--scheme", "boarding_subsidy",
            "--share", "central=50,county=50", "--area", CITY)
        for level in ("central", "county"):
            run("fund", "receive", "2020-生活补助", "--level", level, "--yuan", "900000", "--voucher", level, "--day", "2020-09-20")
        run("pay", "propose", "--at", "2020-11-25", "--scheme", "boarding_subsidy")
        self.ask("first", "GET", "/api/pay/batches", status=403)
        batch = self.rows("city", "/api/pay/batches")[0]
        self.assertEqual((batch["step"]["key"], batch["may_decide"]), ("proposed", True))
        waiting = [row for row in self.rows("city", "/api/approvals") if row["action"] == "pay"]
        self.assertEqual([row["may_decide"] for row in waiting], [False])
        self.ask("city", "POST", f"/api/approvals/{waiting[0]['approval']}/decision", {"grant": True}, status=409)
        path = f"/api/pay/batches/{batch['batch']}"
        self.ask("finance", "POST", f"{path}/decision", {"grant": True}, status=404)
        self.ask("city", "POST", f"{path}/order", {}, status=409)
        self.assertEqual(self.ask("city", "POST", f"{path}/decision", {"grant": True})["approved_by"], "city")
        status, headers, order = self.clients["city"].send("POST", f"{path}/order", {})
        self.assertEqual((status, "attachment" in headers["content-disposition"]), (200, True))
        self.assertEqual(self.clients["city"].send("POST", f"{path}/order", {})[2], order)
        rows = list(csv.DictReader(io.StringIO(order.decode("gb18030"))))
        self.assertEqual(len(rows), batch["lines"])
        answer, balance = ["业务编号,处理结果,原因,流水号,交易日期"], 180000000
        statement = ["交易日期,流水号,摘要,借方,贷方,余额", "2020-09-20,R1,central,,900000.00,900000.00",
                     "2020-09-20,R2,county,,900000.00,1800000.00"]
        for i, row in enumerate(rows):
            if i == 0:
                answer.append(f"{row['业务编号']},失败,账号不存在,,2020-12-01")
                continue
            fen = round(float(row["金额"]) * 100)
            balance -= fen
            answer.append(f"{row['业务编号']},成功,,S{i},2020-12-01")
            statement.append(f"2020-12-01,S{i},代发,{fen / 100:.2f},,{balance / 100:.2f}")
        answer.append("X-1,成功,,S-X,2020-12-01")
        answer[0] += ",金额"
        answer = [answer[0]] + [line + ("," if not line.startswith("X") else ",10.00") for line in answer[1:]]
        taken = self.send_file("city", "/api/pay/answers", "\n".join(answer).encode())
        self.assertEqual({row["outcome"]["key"]: row["count"] for row in taken["outcomes"]},
                         {"paid": len(rows) - 1, "refused": 1, "unknown": 1})
        self.assertTrue(self.send_file("city", "/api/pay/answers", "\n".join(answer).encode())["unchanged"])
        statement.append(f"2020-12-01,S-X,代发,10.00,,{balance / 100 - 10:.2f}")
        self.assertEqual(self.send_file("city", "/api/pay/statements", "\n".join(statement).encode())["fresh"],
                         len(statement) - 1)
        compared = self.ask("city", "GET", "/api/pay/reconciliation")
        self.assertFalse(compared["clean"])
        # What the bank says of an account is for who sees all of its funds.
        self.ask("finance", "GET", "/api/pay/reconciliation", status=403)
        self.send_file("finance", "/api/pay/answers", "\n".join(answer).encode(), status=403)
        held = [row for row in compared["rows"] if row["state"]["key"] == "suspense"]
        self.assertEqual(len(held), 1)
        self.ask("city", "POST", f"/api/pay/suspense/{held[0]['name']}/explanation", {"how": "noted", "why": "银行手续费"})
        self.assertTrue(self.ask("city", "GET", "/api/pay/reconciliation")["clean"], compared["rows"][:5])
        fund = self.rows("city", "/api/funds")[0]
        self.assertEqual([level["share"] for level in fund["levels"]], [5000, 5000])
        proof = self.ask("city", "GET", f"/api/funds/{urllib.parse.quote(fund['fund'])}/proof")
        self.assertTrue(proof["holds"], proof)
        self.assertEqual(proof["sum"]["paid_fen"], 180000000 - balance)
        self.assertEqual(sum(level["left_fen"] for level in fund["levels"]), balance)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
