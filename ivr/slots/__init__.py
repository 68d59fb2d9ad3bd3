"""Values as callers say and key them: digit strings, numbers, amounts, dates."""
