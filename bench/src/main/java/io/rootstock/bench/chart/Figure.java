package io.rootstock.bench.chart;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * Panels in a grid, as one SVG file with a white background.
 *
 * @param columns panels in a row
 * @param panels from left to right, then from top to bottom
 * @param caption line below the panels
 */
public record Figure(int columns, List<Panel> panels, String caption) {
    private static final int GAP = 24;
    private static final int EDGE = 16;
    private static final int CAPTION_HEIGHT = 26;
    private static final String STYLE = """
            text{font:12px system-ui,sans-serif;fill:#1f2937}.title{font-weight:600;font-size:13px}.tick{font-size:11px}
            .grid{stroke:#e5e7eb}.axis{stroke:#6b7280}.reference{stroke:#6b7280;stroke-width:1.4}
            .series{fill:none;stroke-width:1.5}.rows{stroke-width:1.2}.seeds{stroke-width:8;stroke-opacity:.28}
            """;

    public Figure {
        panels = List.copyOf(panels);
        if (columns < 1 || panels.isEmpty()) {
            throw new IllegalArgumentException(columns + " columns, " + panels.size() + " panels");
        }
    }

    /** Returns the figure as an SVG document. */
    public String svg() {
        int rows = (panels.size() + columns - 1) / columns;
        int width = 2 * EDGE + columns * Panel.WIDTH + (columns - 1) * GAP;
        int height = 2 * EDGE + rows * Panel.HEIGHT + (rows - 1) * GAP + CAPTION_HEIGHT;
        StringBuilder svg = new StringBuilder(
                        "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\">\n".formatted(width, height))
                .append("<style>\n")
                .append(STYLE)
                .append("</style>\n<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>\n".formatted(width, height));
        for (int i = 0; i < panels.size(); i++) {
            svg.append("<g transform=\"translate(%d %d)\">\n"
                    .formatted(EDGE + i % columns * (Panel.WIDTH + GAP), EDGE + i / columns * (Panel.HEIGHT + GAP)));
            panels.get(i).write(svg);
            svg.append("</g>\n");
        }
        return svg.append("<text class=\"tick\" x=\"%d\" y=\"%d\">".formatted(EDGE, height - EDGE))
                .append(Panel.escaped(caption))
                .append("</text>\n</svg>\n")
                .toString();
    }

    /** Writes the SVG file. */
    public void write(Path file) throws IOException {
        Files.writeString(file, svg());
    }
}
