import { Button, JsonInput, Popover, Stack, Switch } from '@mantine/core';
import { create } from '@bufbuild/protobuf';
import { type Tool, ToolSchema } from '../../gen/rootstock/inference/v1/chat_pb';
import { useUrlState } from '../../lib/url';

/** What an answer must be: JSON of a schema, or calls of functions. */
export interface Structure {
  /** JSON Schema of the answer; empty: any text. */
  schema: string;
  /** Functions as OpenAI's API has them, a JSON array; empty: none. */
  tools: string;
  /** Whether the answer must call a function. */
  required: boolean;
}

export function useStructure(): [Structure, (structure: Structure) => void] {
  const [schema, setSchema] = useUrlState('schema', '');
  const [tools, setTools] = useUrlState('tools', '');
  const [required, setRequired] = useUrlState('tool_choice', '');
  return [
    { schema, tools, required: required === 'required' },
    (next) => {
      if (next.schema !== schema) setSchema(next.schema);
      if (next.tools !== tools) setTools(next.tools);
      if (next.required !== (required === 'required')) setRequired(next.required ? 'required' : '');
    },
  ];
}

/** Whether both texts are JSON or empty. */
export function isValid({ schema, tools }: Structure): boolean {
  return [schema, tools].every((text) => text.trim() === '' || parsed(text) !== undefined);
}

/** The functions of a request; those of a text that is not JSON are none. */
export function functions(text: string): Tool[] {
  const found = parsed(text);
  return (Array.isArray(found) ? found : []).map((each: unknown) => {
    const tool = object(object(each)['function'] ?? each);
    return create(ToolSchema, {
      name: String(tool['name'] ?? ''),
      description: String(tool['description'] ?? ''),
      parametersSchema: tool['parameters'] === undefined ? '' : JSON.stringify(tool['parameters']),
    });
  });
}

/** The fields of OpenAI's API with the same meaning. */
export function apiFields({ schema, tools, required }: Structure): Record<string, unknown> {
  const format = parsed(schema);
  const calls = functions(tools);
  return {
    ...(format === undefined
      ? {}
      : { response_format: { type: 'json_schema', json_schema: { name: 'answer', schema: format } } }),
    ...(calls.length === 0
      ? {}
      : {
          tools: calls.map(({ name, description, parametersSchema }) => ({
            type: 'function',
            function: { name, description, parameters: parsed(parametersSchema) ?? {} },
          })),
          tool_choice: required ? 'required' : 'auto',
        }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return undefined;
  }
}

function object(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
}

export function StructureOptions({
  structure,
  change,
  withTools,
}: {
  structure: Structure;
  change: (structure: Structure) => void;
  withTools: boolean;
}) {
  return (
    <Popover position="bottom-start" width={460} trapFocus>
      <Popover.Target>
        <Button variant="default">Structure</Button>
      </Popover.Target>
      <Popover.Dropdown>
        <Stack gap="xs">
          <JsonInput
            label="JSON Schema of the answer"
            placeholder='{"type": "object", "properties": {"city": {"type": "string"}}}'
            validationError="This is not JSON."
            autosize
            minRows={3}
            maxRows={10}
            value={structure.schema}
            onChange={(schema) => change({ ...structure, schema })}
          />
          {withTools && (
            <>
              <JsonInput
                label="Tools"
                placeholder='[{"name": "weather", "parameters": {"type": "object", "properties": {"city": {"type": "string"}}}}]'
                validationError="This is not JSON."
                autosize
                minRows={3}
                maxRows={10}
                value={structure.tools}
                onChange={(tools) => change({ ...structure, tools })}
              />
              <Switch
                label="The answer must call a tool"
                checked={structure.required}
                onChange={(event) => change({ ...structure, required: event.currentTarget.checked })}
              />
            </>
          )}
        </Stack>
      </Popover.Dropdown>
    </Popover>
  );
}
