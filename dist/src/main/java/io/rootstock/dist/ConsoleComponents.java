package io.rootstock.dist;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The npm packages that the web console's scripts are bundled from.
 *
 * @param console folder of the console, with its {@code package-lock.json}
 */
record ConsoleComponents(Path console) {
    private static final String FOLDER = "node_modules/";

    /** Returns the locked packages, except those for development; some may be left out of the bundle as unused. */
    List<Component> find() throws IOException {
        JsonNode packages = new ObjectMapper()
                .readTree(console.resolve("package-lock.json").toFile())
                .path("packages");
        List<Component> found = new ArrayList<>();
        for (Map.Entry<String, JsonNode> entry : packages.properties()) {
            JsonNode locked = entry.getValue();
            if (entry.getKey().startsWith(FOLDER)
                    && !locked.path("dev").asBoolean()
                    && !locked.path("optional").asBoolean()
                    && !locked.path("devOptional").asBoolean()) {
                String name = entry.getKey().substring(entry.getKey().lastIndexOf(FOLDER) + FOLDER.length());
                found.add(component(name, locked));
            }
        }
        return found;
    }

    private static Component component(String name, JsonNode locked) {
        int slash = name.indexOf('/');
        String version = locked.path("version").asText();
        String licence = locked.path("license").asText();
        return new Component(
                slash < 0 ? "" : name.substring(0, slash),
                name.substring(slash + 1),
                version,
                "pkg:npm/" + name.replace("@", "%40") + "@" + version,
                licence.isEmpty() ? List.of() : List.of(Licence.stated(licence, "")),
                List.of(),
                "",
                "in the scripts of the web console");
    }
}
