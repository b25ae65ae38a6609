// What a drawn page looks like, as data. Loaded into the page by browser.py.
window.look = (() => {
  const texts = () => {
    const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
    const found = [];
    while (walker.nextNode()) {
      if (walker.currentNode.data.trim() && !walker.currentNode.parentElement.closest("style, title")) {
        found.push(walker.currentNode);
      }
    }
    return found;
  };

  const colour = (text) => {
    const [red, green, blue, alpha = 1] = text.match(/[\d.]+/g).map(Number);
    return { red, green, blue, alpha };
  };

  const over = (top, below) => {
    const mix = (key) => top[key] * top.alpha + below[key] * (1 - top.alpha);
    return { red: mix("red"), green: mix("green"), blue: mix("blue"), alpha: 1 };
  };

  // The colour behind an element: every background from the canvas up to it.
  const behind = (element) => {
    const layers = [];
    for (let at = element; at; at = at.parentElement) layers.unshift(colour(getComputedStyle(at).backgroundColor));
    return layers.reduce((below, top) => over(top, below), { red: 255, green: 255, blue: 255, alpha: 1 });
  };

  const luminance = ({ red, green, blue }) => {
    const linear = (value) => {
      const part = value / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    };
    return 0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);
  };

  const ratio = (one, other) => {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
  };

  const named = (element) => `<${element.tagName.toLowerCase()} class="${element.className}">`;

  return {
    contrasts: () =>
      texts().map((text) => {
        const element = text.parentElement;
        const back = behind(element);
        const front = over(colour(getComputedStyle(element).color), back);
        return { words: text.data.trim().slice(0, 60), where: named(element), ratio: ratio(front, back) };
      }),

    outside: () => {
      const wide = document.documentElement.scrollWidth > window.innerWidth;
      const found = wide ? [`the page: ${document.documentElement.scrollWidth} of ${window.innerWidth}`] : [];
      for (const element of document.body.querySelectorAll("*")) {
        const box = element.getBoundingClientRect();
        if (box.right > window.innerWidth + 0.5 || box.left < -0.5) {
          found.push(`${named(element)} ${element.textContent.trim().slice(0, 40)}: ${box.left} to ${box.right}`);
        }
      }
      return found;
    },

    // A mail program that knows no <details> shows everything.
    unfold: () => document.querySelectorAll("details").forEach((fold) => (fold.open = true)),
  };
})();
