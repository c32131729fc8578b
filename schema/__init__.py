"""The contract with the client: types, inputs, payloads, and one call to an operation behind each mutation."""
