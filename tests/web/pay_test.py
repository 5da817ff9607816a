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
                                           ("finance", "finance", OTHER), ("money", "finance", COUNTY),
                                           ("first", "township", "620422100")])
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

    def propose(self, user, may_fail=False, **body):
        task = self.ask(user, "POST", "/api/pay/proposals", {"scheme": "boarding_subsidy", "at": "2020-11-25", **body})["task"]
        done = self.clients[user].await_task(task)
        if done["state"] == "failed" and not may_fail:
            raise AssertionError(done["error"])
        return done

    def propose_from_the_console(self):
        """A trial keeps nothing and says what the batch then is; it stays within the area asked for."""
        chosen = [row for row in self.rows("county", "/api/pay/choices") if row["scheme"]["key"] == "boarding_subsidy"]
        self.assertEqual([row["period"] for row in chosen[0]["periods"]], ["2020-autumn"])
        self.assertEqual([row["fund"] for row in self.rows("city", "/api/pay/choices")[0]["funds"]], ["2020-生活补助"])
        self.ask("finance", "POST", "/api/pay/proposals",
                 {"scheme": "boarding_subsidy", "at": "2020-11-25", "area": COUNTY, "dry": True}, status=403)
        self.ask("county", "POST", "/api/pay/proposals", {"scheme": "nothing", "at": "2020-11-25", "dry": True}, status=404)
        # The county does not see the city's fund.
        self.assertEqual(self.propose("county", may_fail=True, dry=True)["state"], "failed")
        tried = self.propose("city", area=COUNTY, dry=True)["result"]
        self.assertEqual(self.rows("city", "/api/pay/batches"), [])
        self.assertEqual({row["outcome"]["key"]: row["lines"] for row in tried["outcomes"]},
                         {"proposed": 3, "no_account": 1, "holder_differs": 1})
        self.assertEqual([(row["school"], row["lines"], row["held"]) for row in tried["places"]],
                         [("", 3, 2), ("郭城小学", 3, 2)])
        self.assertEqual([row["left_fen"] for row in tried["levels"]], [90000000 - 75000] * 2)
        made = self.propose("city", area=COUNTY, fund="2020-生活补助", dry=False)["result"]
        self.assertEqual((made["lines"], made["fen"], made["levels"]), (tried["lines"], tried["fen"], tried["levels"]))
        self.assertEqual(self.rows("city", "/api/pay/batches")[0]["batch"], made["batch"])
        self.see_payees(made["batch"])

    def see_payees(self, batch):
        """Names and accounts are masked until somebody who may see ID numbers says why."""
        path = f"/api/pay/batches/{batch}/lines"
        lines = self.rows("county", path)
        self.assertEqual([(row["name"], row["account"]) for row in lines],
                         [("王**", "***************0011"), ("李*", "***************0022"), ("赵*", "***************0033")])
        self.ask("finance", "GET", path, status=404)
        self.ask("first", "GET", path, status=403)
        reveal = f"/api/pay/payments/{lines[1]['payment']}/reveal"
        self.ask("finance", "POST", reveal, {"reason": "核对"}, status=403)
        self.ask("county", "POST", reveal, {}, status=400)
        shown = self.ask("county", "POST", reveal, {"reason": "核对"})
        self.assertEqual((shown["name"], shown["holder_name"], shown["account"]), ("李红", "李二", "6228480000000000022"))
        self.assertIn("核对", self.server.run("audit").stdout)

    def recover_by_two(self, back, wish):
        """Nothing comes back before another user says so; whoever proposed, or may not export, cannot."""
        made = self.ask("county", "POST", back, wish)
        self.assertEqual((made["fen"], made["state"]["key"], made["proposed_by"]), (20000, "proposed", "county"))
        self.ask("city", "POST", back, wish, status=409)
        decision = f"/api/pay/recoveries/{made['recovery']}/decision"
        money = self.rows("city", "/api/approvals")[0]["money"]
        self.assertEqual((money["of"], money["number"], money["lines"], money["fen"]), ("recovery", made["recovery"], 0, 20000))
        self.ask("county", "POST", decision, {"grant": True}, status=403)
        self.ask("finance", "POST", decision, {"grant": True}, status=404)
        self.ask("money", "POST", decision, {"grant": True}, status=403)
        self.ask("first", "POST", decision, {"grant": True}, status=403)
        self.ask("city", "POST", decision, {"grant": False, "why": " "}, status=400)
        self.ask("city", "POST", f"/api/approvals/{self.newest_approval()}/decision", {"grant": True}, status=409)
        self.assertEqual([row["may_decide"] for row in self.rows("city", "/api/pay/recoveries?waiting=true")], [True])
        self.assertEqual([row["may_decide"] for row in self.rows("county", "/api/pay/recoveries?waiting=true")], [False])
        self.assertEqual(self.rows("finance", "/api/pay/recoveries"), [])
        self.assertEqual(self.ask("city", "POST", decision, {"grant": True})["state"]["key"], "approved")
        self.ask("city", "POST", decision, {"grant": True}, status=409)
        self.assertEqual(self.rows("city", "/api/pay/recoveries?waiting=true"), [])
        row = self.rows("county", f"/api/pay/recoveries?payment={made['payment']}")[0]
        self.assertEqual((row["decided_by"], row["voucher"]), ("city", wish["voucher"]))
        self.assertEqual(self.rows("county", "/api/pay/recoveries?payment=9999"), [])

    def newest_approval(self):
        return self.rows("city", "/api/approvals")[0]["approval"]

    def recover_and_try_again(self, batch):
        """Never more comes back than was paid; what was refused is tried again for that person alone."""
        path = f"/api/pay/batches/{batch}/lines"
        paid = self.rows("county", path + "?status=paid")[0]
        back = f"/api/pay/payments/{paid['payment']}/recovery"
        wish = {"yuan": "500.01", "voucher": "收-1", "day": "2020-12-20", "why": "转出"}
        self.ask("county", "POST", back, wish, status=409)
        self.ask("county", "POST", back, {**wish, "yuan": "-1"}, status=400)
        self.ask("finance", "POST", back, {**wish, "yuan": "200"}, status=404)
        self.recover_by_two(back, {**wish, "yuan": "200"})
        self.assertEqual(self.rows("county", path + "?status=paid")[0]["back_fen"], 20000)
        refused = self.rows("county", path + "?status=refused")[0]
        again = {"area": COUNTY, "person": refused["person"], "retry": True}
        tried = self.propose("city", dry=True, **again)["result"]
        self.assertEqual((tried["due_lines"], tried["lines"]), (1, 1))
        made = self.propose("city", dry=False, **again)["result"]
        line = self.rows("county", f"/api/pay/batches/{made['batch']}/lines")[0]
        self.assertEqual((line["person"], line["attempt"], line["status"]), (refused["person"], 2, "open"))
        # Taken back before it goes to the bank, it is free to be proposed once more.
        self.ask("finance", "POST", f"/api/pay/batches/{made['batch']}/void", {"why": "名单有误"}, status=404)
        self.assertEqual(self.ask("city", "POST", f"/api/pay/batches/{made['batch']}/void", {"why": "名单有误"})["lines"], 1)
        self.assertEqual(self.rows("county", f"/api/pay/batches/{made['batch']}/lines")[0]["status"], "void")

    def test_projects_of_a_fund(self):
        """Planned, allotted and paid, as `fund project` books it; of another's fund nothing is told."""
        run = self.server.run
        run("fund", "open", "薄改", "--projects", "--account", "works", "--document", "甘财教〔2020〕20号", "--share", "central=100", "--area", COUNTY)
        run("fund", "receive", "薄改", "--level", "central", "--yuan", "5000", "--voucher", "库-1", "--day", "2020-09-20")
        run("fund", "project", "薄改", "宿舍楼", "plan", "--yuan", "4000", "--document", "会教〔2020〕3号", "--school", "郭城小学")
        run("fund", "project", "薄改", "宿舍楼", "allot", "--yuan", "3000", "--voucher", "拨-1")
        run("fund", "project", "薄改", "宿舍楼", "pay", "--yuan", "1000", "--voucher", "付-1")
        path = f"/api/funds/{urllib.parse.quote('薄改')}/projects"
        row = self.rows("county", path)[0]
        self.assertEqual([row[key] for key in ("project", "school", "document", "planned_fen", "allotted_fen", "paid_fen",
                                               "left_fen")],
                         ["宿舍楼", "郭城小学", "会教〔2020〕3号", 400000, 300000, 100000, 200000])
        self.ask("finance", "GET", path, status=404)

    def test_aid_is_paid_with_four_eyes(self):
        """From a batch to the bank's answer, the statement and the proof; refused lines set money free."""
        run = self.server.run
        run("aid", "decide", "--at", "2020-11-25", "--out", os.path.join(self.server.folder, "awards.csv"))
        run("fund", "open", "2020-生活补助", "--document", "甘财教〔2020〕15号", "--scheme", "boarding_subsidy",
            "--share", "central=50,county=50", "--area", CITY)
        for level in ("central", "county"):
            run("fund", "receive", "2020-生活补助", "--level", level, "--yuan", "900000", "--voucher", level, "--day", "2020-09-20")
        self.propose_from_the_console()
        self.ask("first", "GET", "/api/pay/batches", status=403)
        batch = self.rows("city", "/api/pay/batches")[0]
        self.assertEqual((batch["step"]["key"], batch["may_decide"]), ("proposed", False))
        waiting = [row for row in self.rows("city", "/api/approvals") if row["action"] == "pay"]
        self.assertEqual([row["may_decide"] for row in waiting], [False])
        money = waiting[0]["money"]
        self.assertEqual((money["of"], money["number"], money["period"], money["lines"], money["fen"]),
                         ("batch", batch["batch"], batch["period"], batch["lines"], batch["fen"]))
        self.assertEqual(money["scheme"]["zh"], "寄宿生生活补助")
        self.ask("city", "POST", f"/api/approvals/{waiting[0]['approval']}/decision", {"grant": True}, status=409)
        path = f"/api/pay/batches/{batch['batch']}"
        self.ask("finance", "POST", f"{path}/decision", {"grant": True}, status=404)
        self.ask("city", "POST", f"{path}/order", {}, status=409)
        self.ask("city", "POST", f"{path}/decision", {"grant": True}, status=403)
        self.assertEqual(self.ask("county", "POST", f"{path}/decision", {"grant": True})["approved_by"], "county")
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
        self.take_back_a_return(batch["batch"])
        self.recover_and_try_again(batch["batch"])

    def take_back_a_return(self, batch):
        """A refusal of the payment's own day, told after it, is no return: the statement does not have it."""
        paid = [row for row in self.rows("county", f"/api/pay/batches/{batch}/lines") if row["status"] == "paid"][-1]
        answer = f"业务编号,处理结果,原因,流水号,交易日期\nP{batch}-{paid['ordinal']},失败,户名不符,S-late,2020-12-01\n"
        taken = self.send_file("city", "/api/pay/answers", answer.encode())
        self.assertEqual(taken["outcomes"][0]["outcome"]["key"], "returned")
        missing = [row for row in self.ask("city", "GET", "/api/pay/reconciliation")["rows"] if row["state"]["key"] == "missing"]
        self.assertEqual([(row["what"], row["payment"]) for row in missing], [("return", paid["payment"])])
        back = f"/api/pay/payments/{paid['payment']}/reinstatement"
        self.ask("finance", "POST", back, {"why": "对账单无此退回"}, status=404)
        self.ask("city", "POST", back, {"why": " "}, status=400)
        made = self.ask("city", "POST", back, {"why": "对账单无此退回"})
        self.assertEqual((made["fen"], made["state"]["key"], made["proposed_by"]), (paid["fen"], "proposed", "city"))
        self.ask("county", "POST", back, {"why": "对账单无此退回"}, status=409)
        self.assertFalse(self.ask("city", "GET", "/api/pay/reconciliation")["clean"])
        decision = f"/api/pay/reinstatements/{made['reinstatement']}/decision"
        self.ask("city", "POST", decision, {"grant": True}, status=403)
        self.ask("finance", "POST", decision, {"grant": True}, status=404)
        self.ask("money", "POST", decision, {"grant": True}, status=403)
        self.ask("first", "POST", decision, {"grant": True}, status=403)
        self.ask("county", "POST", decision, {"grant": False, "why": " "}, status=400)
        self.ask("county", "POST", f"/api/approvals/{self.newest_approval()}/decision", {"grant": True}, status=409)
        waiting = "/api/pay/reinstatements?waiting=true"
        self.assertEqual([row["may_decide"] for row in self.rows("county", waiting)], [True])
        self.assertEqual([row["may_decide"] for row in self.rows("city", waiting)], [False])
        self.assertEqual(self.rows("finance", "/api/pay/reinstatements"), [])
        made = self.ask("county", "POST", decision, {"grant": True})
        self.assertEqual((made["state"]["key"], made["suspense"], made["decided_by"]), ("approved", 0, "county"))
        self.assertGreater(made["again"], paid["payment"])
        self.assertEqual(self.rows("city", waiting), [])
        self.ask("county", "POST", decision, {"grant": True}, status=409)
        self.assertTrue(self.ask("city", "GET", "/api/pay/reconciliation")["clean"])
        self.ask("city", "POST", back, {"why": "对账单无此退回"}, status=409)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
