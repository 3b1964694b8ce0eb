import { Button, Group, SegmentedControl, Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { inference } from '../../api/clients';
import { Failure } from '../../components/Failure';
import { Page } from '../../components/Page';
import { useUrlChoice, useUrlState } from '../../lib/url';
import { Chat } from './Chat';
import { Classification } from './Classification';
import { Completion } from './Completion';
import { SamplingOptions, useSampling } from './SamplingOptions';

const KINDS = ['chat', 'completion', 'classify'] as const;
type Kind = (typeof KINDS)[number];

/** Requests to a served model: chat, completion, classification. */
export default function Playground() {
  const served = useQuery({ queryKey: ['served'], queryFn: () => inference.listServedModels({ pageSize: 1000 }) });
  const [model, setModel] = useUrlState('model', '');
  const [kind, setKind] = useUrlChoice<Kind | ''>('kind', ['', ...KINDS]);
  const [sampling, setSampling] = useSampling();
  const names = served.data?.models.map((each) => each.alias.replace('/aliases/', '@')) ?? [];
  const chosen = model === '' ? (names[0] ?? '') : model;
  const entry = served.data?.models.find((each) => each.alias.replace('/aliases/', '@') === chosen);
  const shown: Kind = kind === '' ? defaultKind(entry?.kind) : kind;
  return (
    <Page title="Playground">
      <Failure failure={served.error} retry={() => void served.refetch()} />
      <Group align="flex-end">
        <Select
          label="Model"
          w={300}
          data={names}
          value={chosen || null}
          nothingFoundMessage="No model is served."
          onChange={(value) => setModel(value ?? '')}
        />
        <SegmentedControl
          aria-label="Kind of request"
          value={shown}
          onChange={(value) => setKind(value as Kind)}
          data={[...KINDS]}
        />
        {shown !== 'classify' && <SamplingOptions sampling={sampling} change={setSampling} />}
      </Group>
      {entry && (
        <Text size="sm" c="dimmed">
          {entry.version} {entry.error}
        </Text>
      )}
      {chosen === '' ? (
        <Text>No model is served. Promote a version to an alias first.</Text>
      ) : (
        <>
          {shown === 'chat' && <Chat key={chosen} model={chosen} sampling={sampling} />}
          {shown === 'completion' && <Completion key={chosen} model={chosen} sampling={sampling} />}
          {shown === 'classify' && <Classification key={chosen} model={chosen} />}
        </>
      )}
    </Page>
  );
}

function defaultKind(kind: string | undefined): Kind {
  switch (kind) {
    case 'classifier':
      return 'classify';
    case 'base':
      return 'completion';
    default:
      return 'chat';
  }
}

/** Copies a text, such as a request for curl. */
export function CopyButton({ label, text }: { label: string; text: string }) {
  return (
    <Button size="compact-sm" variant="default" onClick={() => void navigator.clipboard.writeText(text)}>
      {label}
    </Button>
  );
}
