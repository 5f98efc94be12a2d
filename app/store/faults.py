"""What the database's own faults mean to those who work on it."""

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError
from sqlalchemy.exc import TimeoutError as NoneFreeError


def will_pass(error: BaseException) -> bool:
    """Whether the same statement may well succeed later.

    The server restarts or fails over, the disk is full, no connection is free; or, in the minutes of an update, another
    version of Quorum has changed the schema beneath this one. What breaks a rule of the schema breaks it again.
    """
    return isinstance(error, DBAPIError | NoneFreeError) and not isinstance(error, IntegrityError)


def describe(error: BaseException) -> str:
    """In words that may be shown to anybody: a statement, its values and the server's address stay in the log."""
    return f"Quorum's database failed ({type(error).__name__})" if isinstance(error, SQLAlchemyError) else str(error)
