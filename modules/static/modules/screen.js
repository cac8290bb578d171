/* The second screen follows the console. */
import { start } from "./live.js";

start();
