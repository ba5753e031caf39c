// Every page's script. Pages work without it; it only makes them smoother.
import "htmx.org";
import { followAutosubmit, followTickAll, showChosenFiles } from "./forms.js";
import { followBoard } from "./board.js";
import { followDialogs } from "./dialogs.js";
import { followMenus } from "./menus.js";
import { followDismissals, reportFailures } from "./notices.js";
import { followPasskeys } from "./passkeys.js";
import { followPrint } from "./print.js";
import { dropOvertaken } from "./overtaken.js";
import { sendToken } from "./requests.js";
import { followSearch } from "./search.js";
import { followThemeToggle } from "./theme.js";

followThemeToggle();
followMenus();
followDialogs();
followPrint();
followPasskeys();
followDismissals();
followAutosubmit();
followTickAll();
showChosenFiles();
sendToken();
followSearch();
followBoard();
dropOvertaken();
reportFailures();
