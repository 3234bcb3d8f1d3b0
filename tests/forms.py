"""What a browser would send of a form, read from its page."""

from html.parser import HTMLParser


class _Form(HTMLParser):
    def __init__(self, id_: str) -> None:
        super().__init__()
        self.id = id_
        self.inside = False
        self.found: dict[str, list[str]] = {}
        self.select: str | None = None
        self.options: list[tuple[str, bool]] = []
        self.text: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "form":
            self.inside = given.get("id") == self.id
        if not self.inside:
            return
        name, value = given.get("name"), given.get("value") or ""
        if tag == "select" and name:
            self.select, self.options = name, []
        elif tag == "option" and self.select:
            self.options.append((value, "selected" in given))
        elif tag == "textarea" and name:
            self.text = name
            self.found[name] = [""]
        elif tag == "input" and name:
            kind = given.get("type", "text")
            if kind not in ("radio", "checkbox") or "checked" in given:
                self.found.setdefault(name, []).append(value or ("on" if kind == "checkbox" else ""))

    def handle_data(self, data: str) -> None:
        if self.text:
            self.found[self.text][0] += data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.inside = False
        elif tag == "textarea":
            self.text = None
        elif tag == "select" and self.select:
            chosen = [value for value, selected in self.options if selected] or [v for v, _ in self.options[:1]]
            self.found[self.select] = chosen
            self.select = None


def sent_by(page: str, id_: str) -> dict[str, list[str]]:
    """Names to values of the form with this id."""
    form = _Form(id_)
    form.feed(page)
    # A browser leaves out the line break right after the opening tag.
    return {name: [value.removeprefix("\n") for value in values] for name, values in form.found.items()}
