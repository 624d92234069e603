namespace Mooring.Providers.Simulated;

/// <summary>A script can't be used. The message names the file, the place in it, and what belongs there.</summary>
public sealed class ScriptException(string message, Exception? inner = null) : Exception(message, inner);
