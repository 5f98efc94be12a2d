import unittest

from tally import Ledger


class LedgerTest(unittest.TestCase):
    def test_payer_is_owed_what_the_others_used(self):
        ledger = Ledger()
        ledger.pay("ada", 900, ["ada", "bob", "cy"])
        self.assertEqual({"ada": 600, "bob": -300, "cy": -300}, ledger.balances())


if __name__ == "__main__":
    unittest.main()
