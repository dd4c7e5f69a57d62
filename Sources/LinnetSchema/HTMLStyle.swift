// SPDX-License-Identifier: Apache-2.0

/// The style sheet of the page, for light and dark.
enum HTMLStyle {
    static let text = """
        :root { color-scheme: light dark; --ink: #1c2733; --soft: #5b6b7b; --line: #d8dfe6;
          --paper: #ffffff; --band: #f5f7f9; --link: #0b62a8; --header: #d5dbe1;
          --presence: #ffd58a; --field: #bcdcf5; --end: #d9c8f3; --region: #c6ebd0; }
        @media (prefers-color-scheme: dark) {
          :root { --ink: #e3e9ef; --soft: #9aa9b8; --line: #38444f; --paper: #14191e;
            --band: #1c232a; --link: #6bb3ee; --header: #47525d; --presence: #7d5b16;
            --field: #1f4f75; --end: #4d3a73; --region: #22583a; } }
        * { box-sizing: border-box; }
        body { margin: 0; color: var(--ink); background: var(--paper); line-height: 1.5;
          font: 15px/1.5 system-ui, sans-serif; display: flex; }
        nav { position: sticky; top: 0; align-self: flex-start; width: 240px; flex: none;
          max-height: 100vh; overflow: auto; padding: 28px 16px; font-size: 13px;
          border-right: 1px solid var(--line); }
        nav strong, nav a { display: block; margin-bottom: 6px; overflow-wrap: anywhere; }
        main { padding: 12px 36px 80px; min-width: 0; max-width: 1000px; }
        a { color: var(--link); text-decoration: none; }
        a:hover { text-decoration: underline; }
        h1 { font-size: 28px; margin: 16px 0 4px; }
        h2 { font-size: 20px; margin: 44px 0 8px; padding-top: 12px;
          border-top: 1px solid var(--line); }
        h3 { font-size: 16px; margin: 28px 0 6px; }
        code { font: 13px/1.4 ui-monospace, monospace; }
        .table { overflow-x: auto; margin: 12px 0; }
        table { border-collapse: collapse; font-size: 13.5px; }
        th, td { text-align: left; padding: 4px 14px 4px 0; vertical-align: top;
          border-bottom: 1px solid var(--line); }
        th { color: var(--soft); font-weight: 600; }
        td.number { text-align: right; font-variant-numeric: tabular-nums; }
        figure.bytes { margin: 16px 0; overflow-x: auto; }
        svg text { fill: var(--ink); font: 12px ui-monospace, monospace; text-anchor: middle; }
        svg .axis { fill: var(--soft); font-size: 11px; }
        .header { fill: var(--header); } .presence { fill: var(--presence); }
        .field { fill: var(--field); } .end { fill: var(--end); } .region { fill: var(--region); }
        @media (max-width: 800px) { body { display: block; } nav { position: static; width: auto;
          max-height: none; border: 0; } main { padding: 0 16px 40px; } }
        """
}
