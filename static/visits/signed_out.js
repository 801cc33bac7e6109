// Nobody is signed in here: the key goes, and with it the pages that were taken along. Drafts and the queue stay sealed.
try { sessionStorage.removeItem("canvass:key"); } catch { /* nothing was kept */ }
try { indexedDB.deleteDatabase("canvass-pages").onerror = (event) => event.preventDefault(); } catch { /* nothing was kept */ }
