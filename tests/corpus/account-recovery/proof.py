import random

from accounts.mailer import Mailer
from accounts.recovery import ALPHABET, CODE_LENGTH, RecoveryDesk

mailer = Mailer()
random.seed(7)
RecoveryDesk(mailer).start(1, "a@example.com")
random.seed(7)
foretold = "".join(random.choice(ALPHABET) for _ in range(CODE_LENGTH))
assert foretold not in mailer.sent[0][2], "the code follows from the state of the generator"
