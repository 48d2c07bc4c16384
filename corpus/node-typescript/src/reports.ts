import { execSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Router } from "express";

const assets = join(__dirname, "..", "assets");

export const reports = Router();

reports.get("/zone", async (_, res) => {
  const { formatInTimeZone } = await import("date-fns-tz");
  res.send(formatInTimeZone(new Date("2024-01-15T18:30:00Z"), "America/New_York", "yyyy-MM-dd HH:mm zzz"));
});
reports.get("/language", async (_, res) => {
  const { format } = await import("date-fns");
  const { fr } = await import("date-fns/locale");
  res.send(format(new Date(2024, 2, 5), "EEEE d MMMM", { locale: fr }));
});
reports.get("/stations", async (_, res) => {
  const { parseStringPromise } = await import("xml2js");
  const parsed = await parseStringPromise(readFileSync(join(assets, "stations.xml"), "utf8"));
  res.json(parsed.stations.station.map((station: { $: { name: string } }) => station.$.name));
});
reports.get("/system", (_, res) => {
  res.send(execSync("date -u -d @0 +%Y").toString().trim());
});
reports.get("/trace", (_, res) => {
  res.json({ major: process.versions.node.split(".")[0], environment: process.env.NODE_ENV });
});
