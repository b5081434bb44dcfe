"""Opens a page in Chromium and holds it against what .ci/report-in-browser says. It speaks the protocol of the developer
tools over a pipe, so that no port is opened and nothing has to be installed beside the browser."""

import base64
import json
import os
import pathlib
import subprocess
import sys
import tempfile

OPTIONS = """--headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking
--disable-component-update --disable-sync --disable-extensions --hide-scrollbars --remote-debugging-pipe""".split()

# Pictures of more than this many pixels are not made.
LONGEST = 16000

# Text whose contrast with what lies behind it is less than 4.5 to 1 (3 to 1 where it is large). A page of many thousand
# findings repeats itself: its beginning is enough.
CONTRAST = """(() => {
  const canvas = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
  const rgb = (color) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = color; canvas.fillRect(0, 0, 1, 1);
    return [...canvas.getImageData(0, 0, 1, 1).data]; };
  const light = ([r, g, b]) => [r, g, b].map((v) => (v /= 255) <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0);
  const behind = (of) => { for (; of; of = of.parentElement) { const c = rgb(getComputedStyle(of).backgroundColor);
    if (c[3] === 255) return c; } return [255, 255, 255, 255]; };
  const weak = new Set();
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  let left = 5000;
  for (let node; left-- && (node = walker.nextNode());) {
    const of = node.parentElement;
    if (!node.data.trim() || !of.getClientRects().length || of.closest('.skip, .patterns, option')) continue;
    const style = getComputedStyle(of);
    const [a, b] = [light(rgb(of instanceof SVGElement ? style.fill : style.color)), light(behind(of))];
    const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
    const large = parseFloat(style.fontSize) >= 24;
    if (ratio < (large ? 3 : 4.5)) weak.add(of.tagName + '.' + of.getAttribute('class') + ' ' + ratio.toFixed(2));
  }
  return [...weak];
})()"""

VISIBLE = "[...document.querySelectorAll('%s')].filter((one) => one.getClientRects().length).length"


class Browser:
    """A browser with one tab."""

    def __init__(self, home):
        asks, hears = os.pipe()
        answers, says = os.pipe()
        command = ["bash", "-c", f'exec "$@" 3<&{asks} 4>&{says}', "-", "chromium", *OPTIONS, f"--user-data-dir={home}"]
        self.process = subprocess.Popen(
            command, pass_fds=(asks, says), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        os.close(asks)
        os.close(says)
        self.hears, self.answers = os.fdopen(hears, "wb"), os.fdopen(answers, "rb")
        self.last, self.rest, self.events, self.session = 0, b"", [], None
        target = self.ask("Target.createTarget", url="about:blank")["targetId"]
        self.session = self.ask("Target.attachToTarget", targetId=target, flatten=True)["sessionId"]
        for domain in ["Page", "Network", "Log", "Runtime"]:
            self.ask(f"{domain}.enable")

    def message(self):
        while b"\0" not in self.rest:
            part = self.answers.read1(1 << 20)
            if not part:
                sys.exit("FAILED: the browser ended")
            self.rest += part
        one, self.rest = self.rest.split(b"\0", 1)
        return json.loads(one)

    def ask(self, method, **params):
        self.last += 1
        asked = {"id": self.last, "method": method, "params": params}
        if self.session:
            asked["sessionId"] = self.session
        self.hears.write(json.dumps(asked).encode() + b"\0")
        self.hears.flush()
        while True:
            message = self.message()
            if message.get("id") == self.last:
                if "error" in message:
                    sys.exit(f"FAILED: {method}: {message['error']}")
                return message["result"]
            self.events.append(message)

    def wait(self, method):
        while not any(event.get("method") == method for event in self.events):
            self.events.append(self.message())

    def value(self, expression):
        return self.ask("Runtime.evaluate", expression=expression, returnByValue=True)["result"].get("value")

    def open(self, url):
        self.seen = getattr(self, "seen", []) + self.events
        self.events = []
        self.ask("Page.navigate", url=url)
        self.wait("Page.loadEventFired")

    def size(self, width, height, phone=False):
        self.ask(
            "Emulation.setDeviceMetricsOverride", width=width, height=height, deviceScaleFactor=1, mobile=phone
        )

    def dark(self, value):
        self.ask("Emulation.setEmulatedMedia", features=[{"name": "prefers-color-scheme", "value": value}])

    def picture(self, path):
        high = min(self.value("document.documentElement.scrollHeight"), LONGEST)
        width = self.value("innerWidth")
        clip = {"x": 0, "y": 0, "width": width, "height": high, "scale": 1}
        data = self.ask("Page.captureScreenshot", format="png", captureBeyondViewport=True, clip=clip)["data"]
        path.write_bytes(base64.b64decode(data))


def told(events, url):
    """What the browser complained of, and what it asked for beside the page."""
    for event in events:
        method, params = event.get("method"), event.get("params", {})
        if method in ("Runtime.consoleAPICalled", "Runtime.exceptionThrown", "Log.entryAdded"):
            yield f"{method}: {json.dumps(params)[:400]}"
        if method == "Network.requestWillBeSent":
            asked = params["request"]["url"]
            if asked != url and not asked.startswith("data:"):
                yield f"a request: {asked}"


def filters(browser):
    """What is wrong with the filters."""
    everything = browser.value(VISIBLE % ".control")
    for kept in ["exceptions", "recurring", "new", "unanswered", "untestable"]:
        browser.value(f"document.getElementById('keep-{kept}')?.click()")
        shown = browser.value(VISIBLE % ".control")
        expected = browser.value(f"document.querySelectorAll('.control.{kept}').length")
        if shown != expected:
            yield f"the filter {kept} shows {shown} of {expected} controls"
        if not browser.value(VISIBLE % ".filtered"):
            yield f"the filter {kept} does not say that it filters"
    browser.value("document.getElementById('keep-all')?.click()")
    if browser.value(VISIBLE % ".control") != everything:
        yield "not everything is shown again"


def main(page, folder):
    url, wrong = page.as_uri(), []
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        browser = Browser(home)
        for name, width, scheme in [("desktop", 1280, "light"), ("phone", 390, "light"), ("narrow", 360, "light"), ("dark", 1280, "dark"), ("phone-dark", 390, "dark")]:
            browser.size(width, 900, width < 500)
            browser.dark(scheme)
            browser.open(url)
            wide = browser.value("document.documentElement.scrollWidth")
            if wide > width:
                wrong.append(f"{name}: the page is {wide} pixels wide, of {width}")
            wrong += [f"{name}: contrast: {weak}" for weak in browser.value(CONTRAST)]
            browser.picture(folder / f"{name}.png")
        wrong += filters(browser)
        browser.dark("light")
        browser.open(url)
        printed = browser.ask("Page.printToPDF", preferCSSPageSize=True, paperWidth=8.27, paperHeight=11.69)
        (folder / "print.pdf").write_bytes(base64.b64decode(printed["data"]))
        wrong += told(browser.seen + browser.events, url)
        browser.hears.close()
        browser.process.wait(30)
    for one in wrong:
        print(f"FAILED: {one}")
    print(f"The page was opened in a browser; the pictures are in {folder}.")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2])))
