"use strict";
/* What the page can do better with a script: search the cases, copy a command.  It stands in a page
   that is XML as well, so it holds neither a less-than sign nor an ampersand. */
(function () {
	const all = (selector, from) => Array.from((from || document).querySelectorAll(selector));
	const search = document.getElementById("search");
	const chips = all("[data-verdict]");
	const cases = all(".case").map((element) => ({
		element,
		text: element.textContent.toLowerCase(),
		family: element.dataset.f,
		level: element.dataset.l,
		variants: all("[data-v]", element),
	}));

	function value(id) {
		return document.getElementById(id).value;
	}

	function wanted() {
		return {
			words: value("words").toLowerCase().split(/\s+/).filter(Boolean),
			verdicts: all("[data-verdict][aria-pressed=true]").map((b) => b.dataset.verdict),
			family: value("family"),
			level: value("level"),
		};
	}

	function fits(one, want) {
		const other = [
			want.family !== "" ? want.family !== one.family : false,
			want.level !== "" ? want.level !== one.level : false,
			want.words.some((word) => !one.text.includes(word)),
		];
		let left = 0;
		one.variants.forEach((variant) => {
			const right = want.verdicts.includes(variant.dataset.v);
			const hide = want.verdicts.length > 0 ? !right : false;
			variant.hidden = hide;
			left += hide ? 0 : 1;
		});
		return !other.includes(true) ? left > 0 : false;
	}

	function filter() {
		const want = wanted();
		const asked = [want.words.length, want.verdicts.length, want.family, want.level]
			.some(Boolean);
		let shown = 0;

		cases.forEach((one) => {
			one.element.hidden = !fits(one, want);
			shown += one.element.hidden ? 0 : 1;
		});
		all(".family").forEach((family) => {
			family.hidden = all(".case", family).every((element) => element.hidden);
			family.open = asked;
		});
		document.getElementById("found").textContent =
			asked ? shown + " of " + cases.length + " cases" : "";
	}

	function set(button, pressed) {
		button.setAttribute("aria-pressed", String(pressed));
	}

	function press(button) {
		set(button, button.getAttribute("aria-pressed") !== "true");
		filter();
	}

	function pick(verdict) {
		chips.forEach((b) => set(b, b.dataset.verdict === verdict));
		filter();
	}

	function select(element) {
		const range = document.createRange();
		range.selectNodeContents(element);
		window.getSelection().removeAllRanges();
		window.getSelection().addRange(range);
	}

	function copy(button, text) {
		const done = () => { button.textContent = "copied"; };
		if (navigator.clipboard) {
			navigator.clipboard.writeText(text.textContent).then(done, () => select(text));
		} else {
			select(text);
		}
	}

	all(".curl").forEach((box) => {
		const button = document.createElement("button");
		button.type = "button";
		button.textContent = "copy";
		button.addEventListener("click", () => copy(button, box.querySelector("pre")));
		box.querySelector("pre").before(button);
	});
	/* A link to a finding opens it. */
	function unfold() {
		const target = location.hash.length > 1 ? document.getElementById(location.hash.slice(1)) : null;
		if (target instanceof HTMLDetailsElement) {
			target.open = true;
		}
	}
	window.addEventListener("hashchange", unfold);
	unfold();
	if (search) {
		search.hidden = false;
		search.addEventListener("input", filter);
		search.addEventListener("change", filter);
		chips.forEach((b) => b.addEventListener("click", () => press(b)));
		all("[data-pick]").forEach((a) => a.addEventListener("click", () => pick(a.dataset.pick)));
	}
})();
