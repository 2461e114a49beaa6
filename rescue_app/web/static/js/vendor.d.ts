// The browser libraries as pages import them, for the type checker.
declare module "/static/vendor/maplibre-gl.mjs" {
  export * from "maplibre-gl";
}
