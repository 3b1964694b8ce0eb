package io.rootstock.cli.operation;

import io.rootstock.cli.client.Clients;
import io.rootstock.cli.client.Names;
import io.rootstock.cli.display.Console;
import io.rootstock.cli.display.Labels;
import io.rootstock.cli.evaluation.EvaluationDetails;
import io.rootstock.evaluation.v1.Evaluation;
import java.util.ArrayList;
import java.util.List;

/** Evaluations whose jobs are watched until they have ended. Ctrl-C stops watching; the evaluations continue. */
public final class WatchedEvaluation {
    private WatchedEvaluation() {}

    /**
     * Watches evaluations one after the other, and prints the final state of each.
     *
     * @param names evaluations/{evaluation}, in this order
     * @return the evaluations in their final state; the last one is the first that did not succeed
     */
    public static List<Evaluation> watch(Clients clients, Console console, List<String> names) {
        List<String> jobs =
                names.stream().map(name -> Names.of("jobs", Names.id(name))).toList();
        try (InterruptHint hint = new InterruptHint(console, jobs)) {
            List<Evaluation> evaluations = new ArrayList<>();
            for (String job : jobs) {
                Evaluation evaluation = WatchedJob.follow(clients, console, job, 0, Names.id(job))
                        .job()
                        .getEvaluation();
                hint.stopped(job);
                console.printJson(evaluation);
                console.print(
                        evaluation.getName() + " " + Labels.state(evaluation.getState(), evaluation.getMessage()));
                evaluations.add(evaluation);
                if (!EvaluationDetails.isSucceeded(evaluation)) {
                    console.note("hint: rootstock jobs resume " + Names.id(job));
                    break;
                }
            }
            return evaluations;
        }
    }
}
