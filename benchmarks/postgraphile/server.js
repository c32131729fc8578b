// PostGraphile 5 as a contestant: Amber preset, production, a cluster of workers, the tenant from a verified token.
const cluster = require("node:cluster");
const { createPublicKey, verify } = require("node:crypto");
const { readFileSync } = require("node:fs");

const { PORT, WORKERS, BENCH_POOL, BENCH_KEY_FILE, PGHOST, SDL } = process.env;

function tenants() {
  const key = createPublicKey({ key: JSON.parse(readFileSync(BENCH_KEY_FILE, "utf8")), format: "jwk" });
  const known = new Map();
  return (header) => {
    let tenant = known.get(header);
    if (tenant === undefined) {
      const [head, body, seal] = header.replace(/^Bearer /, "").split(".");
      const signed = Buffer.from(`${head}.${body}`);
      const good = verify("sha256", signed, { key, dsaEncoding: "ieee-p1363" }, Buffer.from(seal, "base64url"));
      if (!good) throw new Error("not a token of the issuer");
      tenant = JSON.parse(Buffer.from(body, "base64url")).kontor_tenant;
      known.set(header, tenant);
    }
    return tenant;
  };
}

function preset() {
  const { PostGraphileAmberPreset } = require("postgraphile/presets/amber");
  const { makePgService } = require("postgraphile/adaptors/pg");
  const { makePgSmartTagsPlugin } = require("postgraphile/utils");
  const tenantOf = tenants();
  const tags = makePgSmartTagsPlugin([
    { kind: "class", match: "subscription", tags: { name: "sold_subscription" } }, // GraphQL has a type of that name
    {
      // no key crosses tenants, so the relation to the other tenant's offer is told by hand
      kind: "class",
      match: "cart_item",
      tags: {
        foreignKey: "(source_tenant_id, external_offer_id) references offer (tenant_id, id)|@fieldName externalOffer",
      },
    },
  ]);
  return {
    extends: [PostGraphileAmberPreset],
    plugins: [tags],
    pgServices: [
      makePgService({
        connectionString: `postgres://kontor_app@/kontor?host=${encodeURIComponent(PGHOST)}`,
        schemas: ["public"],
        poolConfig: { idleTimeoutMillis: 0, max: Number(BENCH_POOL), options: "-c jit=off -c TimeZone=UTC" },
      }),
    ],
    grafserv: { watch: false, graphiql: false, websockets: false, graphqlPath: "/graphql", graphqlOverGET: false },
    grafast: {
      explain: false,
      context(request) {
        const header = request.node?.req?.headers?.authorization ?? "";
        return { pgSettings: { "app.tenant_id": tenantOf(header) } };
      },
    },
    gather: { installWatchFixtures: false },
    schema: { defaultBehavior: "+list", dontSwallowErrors: true, exportSchemaSDLPath: SDL || undefined },
  };
}

async function work() {
  const { createServer } = require("node:http");
  const { postgraphile } = require("postgraphile");
  const { grafserv } = require("postgraphile/grafserv/node");
  const server = createServer();
  server.keepAliveTimeout = 75_000;
  server.on("error", (error) => {
    console.error(error);
    process.exit(1);
  });
  await postgraphile(preset()).createServ(grafserv).addTo(server);
  server.listen(Number(PORT), "127.0.0.1");
}

if (cluster.isPrimary) {
  for (let started = 0; started < Number(WORKERS); started++) cluster.fork();
  process.on("SIGTERM", () => {
    for (const worker of Object.values(cluster.workers)) worker.process.kill("SIGKILL");
    process.exit(0);
  });
} else {
  work();
}
