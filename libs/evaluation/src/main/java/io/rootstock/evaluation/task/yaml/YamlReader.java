package io.rootstock.evaluation.task.yaml;

import io.rootstock.evaluation.task.SuiteFiles;
import io.rootstock.evaluation.task.TaskException;
import io.rootstock.evaluation.task.TaskLimits;
import io.rootstock.evaluation.task.yaml.YamlValue.Entry;
import io.rootstock.evaluation.task.yaml.YamlValue.Mapping;
import io.rootstock.evaluation.task.yaml.YamlValue.Scalar;
import io.rootstock.evaluation.task.yaml.YamlValue.Sequence;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.yaml.snakeyaml.DumperOptions.ScalarStyle;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * Reads a YAML 1.1 file to {@link YamlValue}s, without constructing objects. Limits bytes, nesting and the number of
 * values after aliases are expanded; refuses tags, duplicate keys and merge keys.
 */
public final class YamlReader {
    private static final Set<Tag> STANDARD_TAGS =
            Set.of(Tag.STR, Tag.INT, Tag.FLOAT, Tag.BOOL, Tag.NULL, Tag.TIMESTAMP, Tag.SEQ, Tag.MAP, Tag.MERGE);

    private final String file;
    private int values;

    private YamlReader(String file) {
        this.file = file;
    }

    /**
     * Reads a file whose top value is a mapping.
     *
     * @throws TaskException with file and line, if the file is missing, too large or not in the subset
     */
    public static Mapping read(SuiteFiles files, String path) {
        if (!files.has(path)) {
            throw new TaskException(path, 0, "file not found in the suite", "add the file to the suite");
        }
        String text = text(files, path);
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(TaskLimits.FILE_BYTES);
        options.setNestingDepthLimit(TaskLimits.YAML_DEPTH);
        options.setMaxAliasesForCollections(TaskLimits.YAML_VALUES);
        // Nodes are composed, never constructed; value() refuses tags with the key's name.
        options.setTagInspector(_ -> true);
        try {
            Node root = new Yaml(options).compose(new StringReader(text));
            if (root == null) {
                throw new TaskException(path, 1, "the file is empty", "write the task's keys");
            }
            if (new YamlReader(path).value(root, "", 1) instanceof Mapping mapping) {
                return mapping;
            }
            throw new TaskException(path, line(root), "the file is not a mapping of keys", "write KEY: VALUE lines");
        } catch (MarkedYAMLException e) {
            Mark mark = e.getProblemMark() == null ? e.getContextMark() : e.getProblemMark();
            throw new TaskException(
                    path,
                    mark == null ? 0 : mark.getLine() + 1L,
                    "invalid YAML: " + e.getProblem(),
                    "correct the YAML");
        } catch (YAMLException e) {
            throw new TaskException(path, 0, "invalid YAML: " + e.getMessage(), "correct the YAML");
        } catch (StackOverflowError _) {
            throw new TaskException(path, 0, "the YAML is nested too deep", depthHint());
        }
    }

    private static String text(SuiteFiles files, String path) {
        byte[] bytes;
        try (InputStream in = files.open(path)) {
            bytes = in.readNBytes(TaskLimits.FILE_BYTES + 1);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        if (bytes.length > TaskLimits.FILE_BYTES) {
            throw new TaskException(
                    path,
                    0,
                    "the file has more than " + TaskLimits.FILE_BYTES + " bytes",
                    "move rows to a row file of the suite");
        }
        try {
            String text = StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString();
            return text.startsWith("\uFEFF") ? text.substring(1) : text;
        } catch (CharacterCodingException _) {
            throw new TaskException(path, 0, "the file is not UTF-8", "save the file as UTF-8");
        }
    }

    private YamlValue value(Node node, String key, int depth) {
        if (depth > TaskLimits.YAML_DEPTH) {
            throw error(node, "values are nested deeper than " + TaskLimits.YAML_DEPTH, depthHint());
        }
        if (++values > TaskLimits.YAML_VALUES) {
            throw error(
                    node,
                    "the file has more than " + TaskLimits.YAML_VALUES + " values after aliases are expanded",
                    "remove the aliases");
        }
        requireStandardTag(node, key);
        return switch (node) {
            case ScalarNode scalar -> scalar(scalar);
            case SequenceNode sequence -> {
                List<YamlValue> items = new ArrayList<>();
                for (Node item : sequence.getValue()) {
                    items.add(value(item, key, depth + 1));
                }
                yield new Sequence(items, file, line(node));
            }
            case MappingNode mapping -> mapping(mapping, depth);
            default -> throw error(node, "the value is not supported", "write a text, number, list or mapping");
        };
    }

    private void requireStandardTag(Node node, String key) {
        Tag tag = node.getTag();
        if (!STANDARD_TAGS.contains(tag)) {
            String content = node instanceof ScalarNode scalar ? " " + scalar.getValue() : "";
            String hint = tag.getValue().equals("!function")
                    ? "write the value as a Jinja template, or prepare the rows before the suite is created"
                    : "remove the tag";
            throw error(node, "key '" + key + "': tag " + tag.getValue() + content + " is not supported", hint);
        }
    }

    private Mapping mapping(MappingNode node, int depth) {
        Map<String, Entry> entries = new LinkedHashMap<>();
        for (NodeTuple tuple : node.getValue()) {
            Node keyNode = tuple.getKeyNode();
            if (!(keyNode instanceof ScalarNode name) || name.getTag().equals(Tag.NULL)) {
                throw error(keyNode, "a key is not a text", "write KEY: VALUE");
            }
            if (name.getTag().equals(Tag.MERGE)) {
                throw error(keyNode, "the merge key << is not supported", "write the keys, or use include");
            }
            String key = name.getValue();
            YamlValue value = value(tuple.getValueNode(), key, depth + 1);
            if (entries.put(key, new Entry(key, value, file, line(keyNode))) != null) {
                throw error(keyNode, "duplicate key '" + key + "'", "remove one of the two");
            }
        }
        return new Mapping(entries, file, line(node));
    }

    private Scalar scalar(ScalarNode node) {
        String text = node.getValue();
        Tag tag = node.getTag();
        boolean block = node.getScalarStyle() == ScalarStyle.LITERAL || node.getScalarStyle() == ScalarStyle.FOLDED;
        Object value;
        if (tag.equals(Tag.STR)) {
            value = text;
        } else if (tag.equals(Tag.NULL)) {
            value = null;
        } else if (tag.equals(Tag.BOOL)) {
            value = List.of("true", "yes", "on").contains(text.toLowerCase(java.util.Locale.ROOT));
        } else if (tag.equals(Tag.INT) && text.matches("[-+]?(0|[1-9][0-9]{0,17})")) {
            value = Long.valueOf(text);
        } else if (tag.equals(Tag.FLOAT) && text.matches("[-+]?[0-9][0-9]*\\.?[0-9]*([eE][-+]?[0-9]{1,3})?")) {
            value = Double.valueOf(text);
        } else {
            throw error(node, "'" + text + "' is a special value of YAML 1.1", "quote it if it is a text");
        }
        return new Scalar(value, text, file, block ? line(node) + 1 : line(node));
    }

    private static int line(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    private TaskException error(Node node, String reason, String hint) {
        return new TaskException(file, line(node), reason, hint);
    }

    private static String depthHint() {
        return "nest at most " + TaskLimits.YAML_DEPTH + " lists and mappings";
    }
}
