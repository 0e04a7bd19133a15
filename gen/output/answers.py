# SPDX-License-Identifier: MIT
"""include/accel/answers.h: for each method with `answer` the C structure of its outputs."""
from ..model.answers import layout
from .render import render


def header(uabi):
    return render("answers.h.j2", uabi=uabi, answers=[m.answer for m in uabi.methods() if m.answer],
                  layout=layout)
