import express, { NextFunction, Request, Response } from "express";
import pino from "pino";
import { notes } from "./notes";
import { reports } from "./reports";

const log = pino();
const app = express();

app.use(express.raw({ type: "*/*" }));
app.get("/", (_, res) => {
  res.json({ name: "weather notes", version: process.env.npm_package_version ?? "" });
});
app.get("/health", (_, res) => {
  res.send("ok");
});
app.use("/notes", notes);
app.use("/reports", reports);
app.use((error: Error, _req: Request, res: Response, _next: NextFunction) => {
  res.status(422).json({ error: error.name });
});

app.listen(Number(process.env.PORT ?? 3000), () => log.info("ready"));
