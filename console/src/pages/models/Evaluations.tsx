import { Anchor, Badge, Group, Radio, Stack, Table, Text, Title } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { Link } from 'wouter';
import { evaluations } from '../../api/clients';
import { PAGE } from '../../api/lists';
import { Failure } from '../../components/Failure';
import { JobBadge } from '../../components/JobBadge';
import { type MetricComparison, Verdict } from '../../gen/rootstock/evaluation/v1/comparison_pb';
import type { Evaluation } from '../../gen/rootstock/evaluation/v1/evaluation_pb';
import { JobState } from '../../gen/rootstock/job/v1/job_state_pb';
import { enumLabel, figure, id, time, versionLabel } from '../../lib/format';
import { useUrlState } from '../../lib/url';
import { interval } from '../jobs/text';

/** Evaluations of a model's versions, newest first, and the paired comparison of two of them. */
export function Evaluations({ model }: { model: string }) {
  const [first, setFirst] = useUrlState('first', '');
  const [second, setSecond] = useUrlState('second', '');
  const list = useQuery({
    queryKey: ['evaluations', model],
    queryFn: () => evaluations.listEvaluations({ pageSize: PAGE, filter: `version = ${model}/*` }),
  });
  return (
    <Stack>
      <Failure failure={list.error} retry={() => void list.refetch()} />
      <Table.ScrollContainer minWidth={800}>
        <Table striped>
          <Table.Thead>
            <Table.Tr>
              {['First', 'Second', 'Evaluation', 'Version', 'Suite', 'State', 'Results', 'Created'].map((header) => (
                <Table.Th key={header}>{header}</Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            {list.data?.evaluations.map((each) => (
              <Row
                key={each.name}
                evaluation={each}
                first={first === id(each.name)}
                second={second === id(each.name)}
                chooseFirst={() => setFirst(id(each.name))}
                chooseSecond={() => setSecond(id(each.name))}
              />
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
      {list.data?.evaluations.length === 0 && <Text c="dimmed">No evaluations.</Text>}
      {first !== '' && second !== '' && first !== second && <Comparison first={first} second={second} />}
    </Stack>
  );
}

function Row({
  evaluation,
  first,
  second,
  chooseFirst,
  chooseSecond,
}: {
  evaluation: Evaluation;
  first: boolean;
  second: boolean;
  chooseFirst: () => void;
  chooseSecond: () => void;
}) {
  const name = id(evaluation.name);
  const usable = evaluation.state === JobState.SUCCEEDED;
  return (
    <Table.Tr>
      <Table.Td>
        <Radio aria-label={`${name} first`} name="first" checked={first} disabled={!usable} onChange={chooseFirst} />
      </Table.Td>
      <Table.Td>
        <Radio
          aria-label={`${name} second`}
          name="second"
          checked={second}
          disabled={!usable}
          onChange={chooseSecond}
        />
      </Table.Td>
      <Table.Td>
        <Anchor component={Link} href={`/jobs/${name}`} size="sm">
          {name}
        </Anchor>
      </Table.Td>
      <Table.Td>{versionLabel(evaluation.spec?.version ?? '')}</Table.Td>
      <Table.Td>{evaluation.spec?.suite.replace('suites/', '')}</Table.Td>
      <Table.Td title={evaluation.message}>
        <JobBadge state={evaluation.state} />
      </Table.Td>
      <Table.Td>
        {evaluation.results.flatMap((task) => {
          const metric = task.metrics[0];
          return metric === undefined ? [] : [<div key={task.task}>{`${task.task}: ${interval(metric)}`}</div>];
        })}
      </Table.Td>
      <Table.Td>{time(evaluation.createTime)}</Table.Td>
    </Table.Tr>
  );
}

function Comparison({ first, second }: { first: string; second: string }) {
  const compared = useQuery({
    queryKey: ['comparison', first, second],
    queryFn: () => evaluations.compareEvaluations({ first: `evaluations/${first}`, second: `evaluations/${second}` }),
  });
  return (
    <section>
      <Title order={2} size="h5">
        {second} compared with {first}
      </Title>
      <Failure failure={compared.error} />
      <Table aria-label="Comparison">
        <Table.Thead>
          <Table.Tr>
            {[
              'Task',
              'Better rows',
              'Worse rows',
              'Metric',
              'First',
              'Second',
              'Difference (95 %)',
              'p',
              'Verdict',
            ].map((header) => (
              <Table.Th key={header}>{header}</Table.Th>
            ))}
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {compared.data?.tasks.map((task) =>
            task.notComparable !== '' ? (
              <Table.Tr key={task.task}>
                <Table.Td>{task.task}</Table.Td>
                <Table.Td colSpan={8}>{task.notComparable}</Table.Td>
              </Table.Tr>
            ) : (
              task.metrics.map((metric) => (
                <Table.Tr key={`${task.task} ${metric.metric}`}>
                  <Table.Td>{task.task}</Table.Td>
                  <Table.Td>
                    {String(task.wins)} of {String(task.rows)}
                  </Table.Td>
                  <Table.Td>{String(task.losses)}</Table.Td>
                  <Metric metric={metric} />
                </Table.Tr>
              ))
            ),
          )}
        </Table.Tbody>
      </Table>
    </section>
  );
}

function Metric({ metric }: { metric: MetricComparison }) {
  return (
    <>
      <Table.Td>{metric.metric}</Table.Td>
      <Table.Td>{figure(metric.first)}</Table.Td>
      <Table.Td>{figure(metric.second)}</Table.Td>
      <Table.Td>
        {figure(metric.difference)} [{figure(metric.lower)}, {figure(metric.upper)}]
      </Table.Td>
      <Table.Td>{figure(metric.adjustedPValue)}</Table.Td>
      <Table.Td>
        <Group>
          <Badge variant="outline" color="gray">
            {enumLabel(Verdict, metric.verdict)}
          </Badge>
        </Group>
      </Table.Td>
    </>
  );
}
