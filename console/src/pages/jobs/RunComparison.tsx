import { Anchor, Select, Table, Title } from '@mantine/core';
import { useQueries } from '@tanstack/react-query';
import { Link } from 'wouter';
import { jobs } from '../../api/clients';
import { Chart } from '../../charts/Chart';
import { Failure } from '../../components/Failure';
import { Page } from '../../components/Page';
import { differences } from '../../lib/differences';
import { figure } from '../../lib/format';
import { useUrlState } from '../../lib/url';
import { CurveControls, useCurveSettings } from './CurveControls';
import { curves, ordered } from './curves';
import { settingsOf } from './JobSettings';

/** Runs that are compared at most; the chart has as many colours. */
const MOST = 10;

/** Curves of one metric of several runs, and the settings in which they differ. */
export default function RunComparison() {
  const [list] = useUrlState('jobs', '');
  const [metric, setMetric] = useUrlState('metric', 'training/loss');
  const [settings, change] = useCurveSettings();
  const ids = [...new Set(list.split(',').filter((each) => each !== ''))].slice(0, MOST);
  const found = useQueries({
    queries: ids.map((each) => ({
      queryKey: ['job', `jobs/${each}`],
      queryFn: () => jobs.getJob({ name: `jobs/${each}` }),
    })),
  });
  const metrics = useQueries({
    queries: ids.map((each) => ({
      queryKey: ['job', `jobs/${each}`, 'metrics'],
      queryFn: () => jobs.readMetrics({ name: `jobs/${each}`, maxPoints: 1000 }),
    })),
  });
  const names = ordered(metrics.flatMap((query) => query.data?.series.map((series) => series.metric) ?? []));
  const drawn = ids.flatMap((each, index) =>
    curves(each, metrics[index]?.data?.series ?? [], metric, settings.axis, settings.smoothing),
  );
  const known = found.flatMap((query) => query.data?.job ?? []);
  return (
    <Page title="Compare trainings">
      <Failure failure={[...found, ...metrics].find((query) => query.error)?.error} />
      <Select label="Metric" w={320} data={names} value={metric} onChange={(value) => value && setMetric(value)} />
      <CurveControls settings={settings} change={change} />
      {drawn.length > 0 && (
        <Chart
          title={metric}
          curves={drawn}
          byTime={settings.axis === 'time'}
          logarithmic={settings.logarithmic}
          height={420}
        />
      )}
      <Title order={2} size="h4">
        Differences
      </Title>
      <Table.ScrollContainer minWidth={500}>
        <Table striped>
          <Table.Thead>
            <Table.Tr>
              <Table.Th>Setting</Table.Th>
              {known.map((job) => (
                <Table.Th key={job.name}>
                  <Anchor component={Link} href={`/jobs/${job.name.slice('jobs/'.length)}`}>
                    {job.name.slice('jobs/'.length)}
                  </Anchor>
                </Table.Th>
              ))}
            </Table.Tr>
          </Table.Thead>
          <Table.Tbody>
            <Table.Tr>
              <Table.Th scope="row">last {metric}</Table.Th>
              {known.map((job) => {
                const index = ids.indexOf(job.name.slice('jobs/'.length));
                const series = metrics[index]?.data?.series.find((candidate) => candidate.metric === metric);
                const last = series?.points.at(-1);
                return <Table.Td key={job.name}>{last === undefined ? '–' : figure(last.value)}</Table.Td>;
              })}
            </Table.Tr>
            {differences(known.map(settingsOf)).map(({ path, values }) => (
              <Table.Tr key={path}>
                <Table.Th scope="row">{path}</Table.Th>
                {values.map((value, index) => (
                  <Table.Td key={known[index]?.name} style={{ overflowWrap: 'anywhere' }}>
                    {value ?? '–'}
                  </Table.Td>
                ))}
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      </Table.ScrollContainer>
    </Page>
  );
}
