"use strict";
(() => {
  const data = JSON.parse(document.getElementById("data").textContent);
  const dark = matchMedia("(prefers-color-scheme: dark)");
  const still = matchMedia("(prefers-reduced-motion: reduce)");
  const drawn = [];
  const ink = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();
  const PALETTE = ["#5b7fb4", "#3c9d7b", "#c98a2b", "#a866a8", "#c7614f", "#6f8f3a", "#4a97b8", "#8a7a66"];
  const SEVERITY = { critical: "#a4161a", high: "#e05d44", medium: "#e3a008", low: "#4a90c2", negligible: "#9aa5b1", unknown: "#9b5fc0" };
  Chart.defaults.font.family = "system-ui, sans-serif";

  function put(id, config) {
    const canvas = document.getElementById(id);
    if (canvas) drawn.push(new Chart(canvas, config));
  }

  function scales(unit, stacked) {
    const tick = { color: ink("--soft") }, grid = { color: ink("--line") };
    return {
      x: { stacked, beginAtZero: true, ticks: tick, grid, title: { display: Boolean(unit), text: unit, color: ink("--soft") } },
      y: { stacked, ticks: tick, grid: { display: false } },
    };
  }

  function bars(id, chart, stacked) {
    const colour = (name, n) => SEVERITY[name] || PALETTE[n % PALETTE.length];
    put(id, {
      type: "bar",
      data: {
        labels: chart.labels,
        datasets: chart.series.map((one, n) => ({ label: one.name, data: one.values, backgroundColor: colour(one.name, n) })),
      },
      options: {
        indexAxis: "y", responsive: true, maintainAspectRatio: false, animation: still.matches ? false : { duration: 300 },
        scales: scales(chart.unit, stacked),
        plugins: { legend: { labels: { color: ink("--ink") } } },
      },
    });
  }

  function curve(chart) {
    put("saturation", {
      type: "line",
      data: { labels: chart.labels, datasets: [{ label: "paths", data: chart.values, borderColor: PALETTE[0], backgroundColor: PALETTE[0], stepped: false }] },
      options: {
        responsive: true, maintainAspectRatio: false, animation: false,
        scales: {
          x: { ticks: { color: ink("--soft"), display: chart.labels.length <= 12 }, grid: { display: false } },
          y: { beginAtZero: true, ticks: { color: ink("--soft"), precision: 0 }, grid: { color: ink("--line") } },
        },
        plugins: { legend: { display: false }, tooltip: { callbacks: { afterLabel: (item) => chart.new[item.dataIndex] + " new" } } },
      },
    });
  }

  function overNodes(chart) {
    const colour = (n) => PALETTE[n < 2 ? 4 : 1];
    put("recovery", {
      type: "line",
      data: {
        datasets: chart.series.map((one, n) => ({
          label: one.name, data: chart.nodes.map((nodes, at) => ({ x: nodes, y: one.values[at] })),
          borderColor: colour(n), backgroundColor: colour(n), borderDash: one.dash ? [6, 4] : [],
        })),
      },
      options: {
        responsive: true, maintainAspectRatio: false, animation: false,
        scales: {
          x: {
            type: "logarithmic", title: { display: true, text: "nodes", color: ink("--soft") }, grid: { display: false },
            ticks: { color: ink("--soft"), autoSkip: false, callback: (value) => (chart.nodes.includes(value) ? value.toLocaleString("en") : "") },
            afterBuildTicks: (axis) => { axis.ticks = chart.nodes.map((value) => ({ value })); },
          },
          y: { type: chart.log ? "logarithmic" : "linear", beginAtZero: !chart.log, title: { display: true, text: "s", color: ink("--soft") }, ticks: { color: ink("--soft") }, grid: { color: ink("--line") } },
        },
        plugins: { legend: { labels: { color: ink("--ink"), boxHeight: 1 } } },
      },
    });
  }

  let shown = 0;
  function map(number) {
    shown = number;
    const tree = data.trees[number];
    const tops = [...new Set(tree.leaves.map((leaf) => leaf.first))];
    const canvas = document.getElementById("map");
    canvas.setAttribute("aria-label", tree.said);
    const old = drawn.findIndex((chart) => chart.canvas === canvas);
    if (old >= 0) drawn.splice(old, 1)[0].destroy();
    put("map", {
      type: "treemap",
      data: {
        datasets: [{
          tree: tree.leaves, key: "bytes", groups: ["first", "second", "path"], spacing: 1, borderWidth: 1,
          borderColor: ink("--paper"),
          backgroundColor: (item) => {
            if (item.type !== "data") return "transparent";
            const top = item.raw._data.first || item.raw._data.children?.[0]?.first;
            return PALETTE[Math.max(0, tops.indexOf(top)) % PALETTE.length] + (item.raw.isLeaf ? "" : "66");
          },
          captions: { display: true, color: ink("--ink"), padding: 2 },
          labels: {
            display: true, overflow: "hidden", color: "#ffffff",
            formatter: (item) => (item.raw.g || "").split("/").pop(),
          },
        }],
      },
      options: {
        responsive: true, maintainAspectRatio: false, animation: false,
        onClick: (_, found, chart) => choose(found.map((one) => leafOf(chart, one)).find(Boolean)),
        plugins: {
          legend: { display: false },
          tooltip: {
            callbacks: {
              title: (items) => { const raw = items[items.length - 1].raw; return raw._data.children?.[0]?.path || raw.g; },
              label: (item) => (item.raw.isLeaf && item.raw._data.children?.[0]?.size) || "",
            },
          },
        },
      },
    });
  }

  function leafOf(chart, found) {
    const raw = chart.data.datasets[found.datasetIndex].data[found.index];
    return raw.isLeaf ? raw._data.children?.[0] || raw._data : null;
  }

  function choose(leaf) {
    if (!leaf) return;
    document.getElementById("chosen").textContent = leaf.path + " (" + leaf.size + ")" + (leaf.note ? ": " + leaf.note : "");
  }

  function draw() {
    while (drawn.length) drawn.pop().destroy();
    for (const [name, chart] of Object.entries(data)) {
      if (name === "sizes" || name.startsWith("times")) bars(name, chart, false);
      if (name === "severities") bars(name, chart, true);
      if (name === "saturation") curve(chart);
      if (name === "recovery") overNodes(chart);
    }
    if (data.trees) map(shown);
    document.documentElement.dataset.drawn = String(drawn.length);
  }

  for (const button of document.querySelectorAll("[data-tree]")) {
    button.addEventListener("click", () => {
      document.querySelectorAll("[data-tree]").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
      map(Number(button.dataset.tree));
    });
  }
  dark.addEventListener("change", draw);
  addEventListener("beforeprint", () => document.querySelectorAll("details").forEach((one) => { one.open = true; }));
  draw();
})();
