import { Group, SegmentedControl, Select, Text } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { inference } from '../../api/clients';
import { MAX_PAGE } from '../../api/lists';
import { Failure } from '../../components/Failure';
import { Page } from '../../components/Page';
import { useUrlChoice, useUrlState } from '../../lib/url';
import { Chat } from './Chat';
import { Classification } from './Classification';
import { Completion } from './Completion';
import { SamplingOptions, useSampling } from './SamplingOptions';
import { StructureOptions, useStructure } from './Structure';

const KINDS = ['chat', 'completion', 'classify'] as const;
type Kind = (typeof KINDS)[number];

/** Requests to a served model: chat, completion, classification. */
export default function Playground() {
  const served = useQuery({ queryKey: ['served'], queryFn: () => inference.listServedModels({ pageSize: MAX_PAGE }) });
  const [model, setModel] = useUrlState('model', '');
  const [kind, setKind] = useUrlChoice<Kind | ''>('kind', ['', ...KINDS]);
  const [other, setOther] = useUrlState('compare', '');
  const [sampling, setSampling] = useSampling();
  const [structure, setStructure] = useStructure();
  const names = served.data?.models.map((each) => each.alias.replace('/aliases/', '@')) ?? [];
  const chosen = model === '' ? (names[0] ?? '') : model;
  const models = other === '' || other === chosen ? [chosen] : [chosen, other];
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
        {shown !== 'classify' && (
          <Select
            label="Compare with"
            w={240}
            clearable
            data={names.filter((name) => name !== chosen)}
            value={other || null}
            onChange={(value) => setOther(value ?? '')}
          />
        )}
        <SegmentedControl
          aria-label="Kind of request"
          value={shown}
          onChange={(value) => setKind(value as Kind)}
          data={[...KINDS]}
        />
        {shown !== 'classify' && (
          <>
            <SamplingOptions sampling={sampling} change={setSampling} />
            <StructureOptions structure={structure} change={setStructure} withTools={shown === 'chat'} />
          </>
        )}
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
          {shown === 'chat' && (
            <Chat key={models.join(' ')} models={models} sampling={sampling} structure={structure} />
          )}
          {shown === 'completion' && (
            <Completion key={models.join(' ')} models={models} sampling={sampling} structure={structure} />
          )}
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
