// Is a file an HTTP Archive 1.2?  For NODE_PATH=build/npm/node_modules.
const fs = require("fs");
const validate = require("har-validator");

validate.har(JSON.parse(fs.readFileSync(process.argv[2], "utf8"))).then(
	() => console.log("valid"),
	(error) => console.log(JSON.stringify(error.errors || String(error)))
);
