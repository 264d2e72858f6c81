import Browser
import Foundation

/// What every page is held to.
extension Browser {
    /// Keeps a picture for `Docs/images` where `PROMESA_PICTURES` names a folder: `Scripts/pictures`.
    func keepPicture(as name: String) async throws {
        guard let folder = ProcessInfo.processInfo.environment["PROMESA_PICTURES"] else { return }
        try await picture().write(to: URL(fileURLWithPath: "\(folder)/\(name).png"))
    }

    /// Markup that was escaped, overflow, controls without a name, several h1, jumps of headings, and contrast below WCAG 2.2's 4.5.
    func findings() async throws -> [String] {
        try await run(
            """
            const found = [];
            if (/<\\/?[a-z]+[ >]/.test(document.body.innerText)) found.push('markup that is shown: ' + document.body.innerText.match(/<.{0,60}/)[0]);
            if (document.documentElement.scrollWidth > innerWidth) found.push('wider than the screen: ' + document.documentElement.scrollWidth);
            if (!document.documentElement.lang || !document.title) found.push('no language or title');
            if (document.querySelectorAll('h1').length != 1) found.push('h1');
            let level = 1;
            for (const h of document.querySelectorAll('h1,h2,h3')) { const n = +h.tagName[1]; if (n > level + 1) found.push('heading ' + h.textContent); level = n; }
            for (const e of document.querySelectorAll('input:not([type=hidden]),textarea,select'))
              if (!e.labels.length && !e.ariaLabel) found.push('no label: ' + e.name);
            for (const e of document.querySelectorAll('button,a')) if (!e.textContent.trim()) found.push('no name: ' + e.outerHTML);
            const ids = [...document.querySelectorAll('[id]')].map(e => e.id);
            if (new Set(ids).size != ids.length) found.push('an id twice');
            const rgb = (c) => c.match(/[\\d.]+/g).map(Number);
            const light = (c) => { const [r, g, b] = rgb(c).map(v => (v /= 255) <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4); return .2126 * r + .7152 * g + .0722 * b; };
            const ground = (e) => { for (; e; e = e.parentElement) { const c = getComputedStyle(e).backgroundColor; if ((rgb(c)[3] ?? 1) > 0) return c; } return 'rgb(255,255,255)'; };
            for (const e of document.querySelectorAll('body *')) {
              if (![...e.childNodes].some(n => n.nodeType == 3 && n.textContent.trim())) continue;
              const [a, b] = [light(getComputedStyle(e).color), light(ground(e))].sort((x, y) => y - x);
              if ((a + .05) / (b + .05) < 4.5) found.push('contrast of ' + e.textContent.trim().slice(0, 30));
            }
            return found;
            """) as? [String] ?? ["the script gave nothing"]
    }
}
