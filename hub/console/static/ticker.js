// One beat a second. A worker's timers go on at full pace when the tab lies in the background; a page's do not,
// and a desk that counts its minutes once a minute would be taken for an empty one.
setInterval(() => postMessage(0), 1000);
