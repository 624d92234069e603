namespace Mooring.Contract.V1;

/// <summary>Body of every error but 422: <c>detail</c> is what today's CLI prints (contract, section 2).</summary>
/// <param name="Detail">What went wrong and what to do, in words.</param>
public sealed record ErrorBody(string Detail);

/// <summary>
/// Body of a 422, readable by both kinds of client: the vendor's CLI reads <c>detail</c>, its OpenAPI document names
/// <c>errors</c> (contract, section 2).
/// </summary>
/// <param name="Detail">One entry a fault.</param>
/// <param name="Errors">The same faults in the other form.</param>
public sealed record ValidationErrorBody(IReadOnlyList<ValidationDetail> Detail, IReadOnlyList<ParamError> Errors);

/// <summary>A fault in a request.</summary>
/// <param name="Loc">Where: <c>body</c>, <c>query</c> or <c>path</c>, then the members down to the fault.</param>
/// <param name="Msg">What it must be.</param>
/// <param name="Type">value_error.</param>
public sealed record ValidationDetail(IReadOnlyList<string> Loc, string Msg, string Type);

/// <summary>A fault in a request, as the vendor's OpenAPI document shapes it.</summary>
/// <param name="Param">The member, dotted.</param>
/// <param name="Details">What it must be.</param>
public sealed record ParamError(string Param, string Details);
