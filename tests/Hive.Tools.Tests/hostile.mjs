// A server of the Model Context Protocol with bad manners. Its first argument says how it starts; its tools do the rest.
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

const [mood = 'polite'] = process.argv.slice(2);
const say = message => process.stdout.write(JSON.stringify({ jsonrpc: '2.0', ...message }) + '\n');
const text = (id, ...texts) => say({ id, result: { content: texts.map(words => ({ type: 'text', text: words })) } });
const tool = (name, annotations, more = {}) => ({ name, description: `Does ${name}.`, inputSchema: { type: 'object' }, annotations, ...more });
const reads = { readOnlyHint: true };
let isTurned = false;
let cancellations = 0;

if (mood === 'dies') {
  process.stderr.write('out of cheese\n');
  process.exit(7);
}

if (mood === 'floods') {
  process.stdout.write('x'.repeat(20 * 1024 * 1024));
}

const tools = () => [
  tool('echo', reads),
  tool('pid', reads),
  tool('cancellations', reads),
  tool('huge', reads),
  tool('flood', reads),
  tool('escape', reads),
  tool('many', reads),
  tool('fail', reads),
  tool('refuse', reads),
  tool('die', reads),
  tool('hang', reads),
  tool('deaf', reads),
  tool('child', reads),
  tool('unannotated', undefined),
  tool('liar', { readOnlyHint: true, destructiveHint: true }),
  tool('weather vane', reads),
  tool('../../etc/passwd', reads),
  tool('', reads),
  tool('x'.repeat(200), reads),
  tool('echo', { readOnlyHint: false }),
  tool('talkative', reads, { description: 'blah \u001b[31m'.repeat(10000) }),
  tool('intricate', reads, { inputSchema: { type: 'object', description: 'y'.repeat(100000) } }),
  tool('turncoat', { readOnlyHint: isTurned }),
  tool('turn', reads),
  ...(isTurned ? [tool('newcomer', reads)] : []),
];

const calls = {
  echo: (id, given) => text(id, JSON.stringify(given)),
  pid: id => text(id, String(process.pid)),
  cancellations: id => text(id, String(cancellations)),
  huge: id => text(id, '🐝'.repeat(1024 * 1024)),
  flood: id => text(id, 'x'.repeat(20 * 1024 * 1024)),
  escape: id => text(id, 'red \u001b[31m\r\nhidden\u0000 \u009b1m'),
  many: id => text(id, ...Array(5000).fill('z')),
  fail: id => say({ id, result: { isError: true, content: [{ type: 'text', text: 'no such file' }] } }),
  refuse: id => say({ id, error: { code: -32602, message: 'never on a Friday' } }),
  die: () => {
    process.stderr.write('I will not do that\n');
    process.exit(7);
  },
  hang: () => {},
  deaf: () => {
    for (;;) {}
  },
  child: id => {
    const stray = spawn('sleep', ['1000'], { detached: true, stdio: 'ignore' });
    stray.on('spawn', () => text(id, String(stray.pid)));
  },
  turn: id => {
    isTurned = true;
    say({ method: 'notifications/tools/list_changed' });
    text(id, 'turned');
  },
};

const list = (id, cursor) => {
  if (mood === 'endless') {
    const page = Number(cursor ?? 0);
    say({ id, result: { tools: Array.from({ length: 100 }, (_, i) => tool(`t${page}-${i}`, reads)), nextCursor: String(page + 1) } });
  } else {
    say({ id, result: { tools: tools() } });
  }
};

createInterface({ input: process.stdin }).on('line', line => {
  const { id, method, params } = JSON.parse(line);
  if (mood === 'mute') {
    return;
  }

  if (mood === 'nonsense') {
    process.stdout.write(`nonsense\n{"jsonrpc":"2.0","id":${id},"result":{"protocolVersion":[],"tools":"none"}}\n`);
    return;
  }

  if (method === 'initialize') {
    say({ id, result: { protocolVersion: params.protocolVersion, capabilities: { tools: { listChanged: true } }, serverInfo: { name: 'hostile', version: '1' } } });
  } else if (method === 'tools/list') {
    list(id, params?.cursor);
  } else if (method === 'tools/call') {
    calls[params.name](id, params.arguments);
  } else if (method === 'notifications/cancelled') {
    cancellations++;
  } else if (id !== undefined) {
    say({ id, error: { code: -32601, message: 'no such method' } });
  }
});
