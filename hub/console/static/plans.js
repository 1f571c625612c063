// The bars of a roster's week: how much of the day each takes (the page's policy forbids style attributes).

for (const bar of document.querySelectorAll("[data-share]")) bar.style.flex = `${bar.dataset.share} 0 0`;
