/** Line charts with error bars as SVG files, for reports. */
package io.rootstock.bench.chart;
