using System.Runtime.Versioning;

// The tests run programs and file modes of a Unix.
[assembly: UnsupportedOSPlatform("windows")]
