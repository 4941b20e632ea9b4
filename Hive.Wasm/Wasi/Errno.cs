namespace Hive.Wasm;

/// <summary>WASI preview 1 error numbers. Source: https://github.com/WebAssembly/WASI/blob/main/legacy/preview1/docs.md#errno</summary>
internal enum Errno : ushort
{
    Success = 0,
    BadDescriptor = 8,
    Fault = 21,
    Invalid = 28,
    IsDirectory = 31,
    TooManyFiles = 33,
    NoEntry = 44,
    NoSpace = 51,
    NoSystemCall = 52,
    NotDirectory = 54,
    NotSupported = 58,
    ReadOnly = 69,
    IllegalSeek = 70,
    NotCapable = 76,
}
