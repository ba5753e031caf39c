// The parts of ECharts that we draw with; the rest stays out of the bundle.
import { BarChart, LineChart } from "echarts/charts";
import { GridComponent, MarkLineComponent, TooltipComponent } from "echarts/components";
import * as engine from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";

engine.use([BarChart, LineChart, GridComponent, MarkLineComponent, TooltipComponent, CanvasRenderer]);

export { engine };
