package io.rootstock.cli.command.data;

import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Format;
import io.rootstock.cli.display.Table;
import io.rootstock.tokenizer.v1.CorpusPlan;
import io.rootstock.tokenizer.v1.PlannedSource;
import io.rootstock.tokenizer.v1.PlannedStage;

/** The plan of a recipe as tables. */
final class PlanTables {
    private PlanTables() {}

    static void print(CorpusPlan plan, Console console) {
        Table sources = new Table("source", "files", "units", "stored", "text about", "tokens about", "weight");
        for (PlannedSource source : plan.getSourcesList()) {
            sources.row(
                    source.getName(),
                    Format.count(source.getFiles()),
                    Format.count(source.getUnits()),
                    Format.bytes(source.getBytes()),
                    Format.bytes(source.getTextBytes()),
                    Format.count(source.getTokens()),
                    Format.percent(source.getWeight()));
        }
        sources.print(console);
        console.print("");
        Table stages = new Table("stage", "reads", "core time", "time", "cost");
        double cores = 0;
        double seconds = 0;
        double dollars = 0;
        for (PlannedStage stage : plan.getStagesList()) {
            cores += stage.getCoreSeconds();
            seconds += stage.getSeconds();
            dollars += stage.getDollars();
            stages.row(
                    stage.getName(),
                    Format.bytes(stage.getBytes()),
                    Format.duration(stage.getCoreSeconds()),
                    stage.getSeconds() > 0 ? Format.duration(stage.getSeconds()) : "-",
                    Format.dollars(stage.getDollars()));
        }
        stages.row(
                "total",
                "",
                Format.duration(cores),
                seconds > 0 ? Format.duration(seconds) : "-",
                Format.dollars(dollars));
        stages.print(console);
        plan.getNotesList().forEach(note -> console.note("note: " + note));
        console.print("");
        console.print("recipe " + Format.digest(plan.getRecipeDigest()));
    }
}
