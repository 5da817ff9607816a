// Horizontal bars by ECharts, which is loaded only with a page that has them. The table beside says the same numbers.
import { BarChart } from "echarts/charts";
import { GridComponent, TooltipComponent } from "echarts/components";
import { init, use as useParts, type ECharts } from "echarts/core";
import { CanvasRenderer } from "echarts/renderers";
import { useEffect, useRef } from "react";
import { useRouter } from "../frame/router";

useParts([BarChart, GridComponent, TooltipComponent, CanvasRenderer]);

export interface Bar {
  name: string;
  n: number;
  to: string;
}

const BAR_HEIGHT = 26;

export default function Bars({ bars, label }: { bars: Bar[]; label: string }) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts>();
  const { go } = useRouter();
  const latest = useRef(bars);
  latest.current = bars;
  useEffect(() => {
    const made = init(box.current as HTMLDivElement, undefined, { renderer: "canvas" });
    chart.current = made;
    const fit = () => made.resize();
    made.on("click", (event) => {
      const bar = latest.current[event.dataIndex];
      if (bar) go(bar.to);
    });
    window.addEventListener("resize", fit);
    return () => {
      window.removeEventListener("resize", fit);
      made.dispose();
    };
  }, [go]);
  useEffect(() => {
    const style = getComputedStyle(document.documentElement);
    const colour = (name: string) => style.getPropertyValue(name).trim();
    chart.current?.resize({ height: bars.length * BAR_HEIGHT + 40 });
    chart.current?.setOption({
      animation: false,
      grid: { left: 8, right: 48, top: 8, bottom: 8, containLabel: true },
      tooltip: { trigger: "item", renderMode: "richText" },
      xAxis: {
        type: "value",
        minInterval: 1,
        axisLabel: { color: colour("--quiet") },
        splitLine: { lineStyle: { color: colour("--line") } },
      },
      yAxis: {
        type: "category",
        inverse: true,
        data: bars.map((bar) => bar.name),
        axisLabel: { color: colour("--text") },
      },
      series: [
        {
          type: "bar",
          data: bars.map((bar) => bar.n),
          barMaxWidth: 16,
          itemStyle: { color: colour("--mark") },
          label: { show: true, position: "right", color: colour("--text") },
        },
      ],
    });
  }, [bars]);
  return <div ref={box} role="img" aria-label={label} style={{ height: bars.length * BAR_HEIGHT + 40 }} />;
}
