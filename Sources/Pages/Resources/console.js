// What changes at the server appears without a reload, and leaves alone what the agent is typing.
(() => {
  const live = document.getElementById('live');
  if (live) {
    const status = document.getElementById('live-status');
    const source = new EventSource(live.dataset.live);
    const refresh = async () => {
      // Not this address: after an order that was refused it is the order's, which has no page.
      const answer = await fetch(live.dataset.page);
      if (!answer.ok) return;
      const next = new DOMParser().parseFromString(await answer.text(), 'text/html').getElementById('live');
      if (next && next.innerHTML !== live.innerHTML) {
        live.replaceChildren(...next.childNodes);
        status.textContent = 'Actualizado ' + new Date().toLocaleTimeString('es-AR');
      }
    };
    source.addEventListener('change', refresh);
    source.onerror = () => { status.textContent = 'Sin conexión: reintentando…'; };
    source.onopen = () => { status.textContent = ''; };
    window.addEventListener('pagehide', () => source.close());
  }
  // Whose page is closed or asleep is not there to attend.
  if (document.getElementById('presence')) {
    const beat = () => fetch('/consola/presencia').catch(() => {});
    setInterval(beat, 60000);
    document.addEventListener('visibilitychange', () => { if (!document.hidden) beat(); });
  }
  document.addEventListener('click', (event) => {
    const button = event.target.closest('[data-insert]');
    if (!button) return;
    const reply = document.getElementById('respuesta');
    reply.value = reply.value + (reply.value ? ' ' : '') + button.dataset.insert;
    reply.focus();
  });
})();
