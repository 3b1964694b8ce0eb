package io.rootstock.evaluation.task.template;

import io.rootstock.chat.jinja.parser.Statement;
import io.rootstock.chat.jinja.parser.StatementParser;
import io.rootstock.chat.jinja.runtime.Output;
import io.rootstock.chat.jinja.runtime.RenderedPiece;
import io.rootstock.chat.jinja.runtime.Renderer;
import io.rootstock.chat.jinja.runtime.Scope;
import io.rootstock.chat.jinja.value.Budget;
import io.rootstock.chat.jinja.value.JinjaException;
import io.rootstock.chat.jinja.value.Text;
import io.rootstock.chat.jinja.value.Values;
import io.rootstock.evaluation.task.TaskLimits;
import io.rootstock.yaml.InvalidFileException;
import io.rootstock.yaml.YamlText;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A Jinja template in lm-evaluation-harness' environment: undefined values fail, newlines and blanks around tags stay,
 * {@code regex_replace} is a filter. Immutable.
 */
public final class TaskTemplate {
    private final YamlText source;
    private final List<Statement> statements;

    private TaskTemplate(YamlText source, List<Statement> statements) {
        this.source = source;
        this.statements = statements;
    }

    /**
     * Parses a template.
     *
     * @throws InvalidFileException with the line in the task file, if it is too long, malformed or outside of the subset
     */
    public static TaskTemplate compile(YamlText source) {
        if (source.text().length() > TaskLimits.TEMPLATE_CHARACTERS) {
            throw source.error(
                    "a template has more than " + TaskLimits.TEMPLATE_CHARACTERS + " characters", "shorten it");
        }
        return located(
                source,
                "invalid template",
                "correct the template; docs/reference/task-files.md lists its subset",
                () -> {
                    List<Statement> parsed = StatementParser.parse(TemplateSource.keepingWhitespace(source.text()));
                    return new TaskTemplate(source, StrictSyntax.statements(parsed));
                });
    }

    /** The template's text and place. */
    public YamlText source() {
        return source;
    }

    /**
     * Renders the template.
     *
     * @param fields the row's fields: strings, numbers, booleans, null, lists and maps
     * @param place the row, for errors, such as {@code rows.jsonl:3}
     * @throws InvalidFileException if a value is undefined, an operation fails or a limit is exceeded
     */
    public String render(Map<String, ?> fields, String place) {
        String hint = "correct the template or the row";
        return located(source, "the template fails for row " + place, hint, () -> {
            Scope scope = new Scope(new TemplateFunctions(source).scope());
            fields.forEach((name, value) -> scope.set(name, Values.of(value, Text.TEMPLATE)));
            Output out = new Output();
            new Renderer().run(statements, scope, out);
            StringBuilder text = new StringBuilder();
            for (RenderedPiece piece : out.written()) {
                text.append(piece.piece().text());
            }
            if (text.length() > TaskLimits.RENDERED_CHARACTERS) {
                throw new JinjaException("the text has more than " + TaskLimits.RENDERED_CHARACTERS + " characters");
            }
            return text.toString();
        });
    }

    private static <T> T located(YamlText source, String failure, String hint, Supplier<T> work) {
        try {
            return Budget.bounded(work);
        } catch (JinjaException e) {
            int line = source.line() + Math.max(0, e.line() - 1);
            throw new InvalidFileException(source.file(), line, failure + ": " + e.getMessage(), hint);
        } catch (StackOverflowError _) {
            throw source.error(failure + ": it is nested too deep", hint);
        }
    }
}
