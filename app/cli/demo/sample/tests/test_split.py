import unittest

from tally import split_by_weight, split_evenly


class SplitEvenlyTest(unittest.TestCase):
    def test_divides_a_round_amount(self):
        self.assertEqual([300, 300, 300], split_evenly(900, 3))

    def test_refuses_nobody(self):
        with self.assertRaises(ValueError):
            split_evenly(900, 0)


class SplitByWeightTest(unittest.TestCase):
    def test_loses_no_cent(self):
        self.assertEqual(100, sum(split_by_weight(100, [1, 1, 1])))

    def test_refuses_weights_of_nothing(self):
        with self.assertRaises(ValueError):
            split_by_weight(100, [0, 0])


if __name__ == "__main__":
    unittest.main()
